import { type Day, on } from "./day.ts"
import type { Dice } from "./dice.ts"

export interface Party {
	readonly name: string
	readonly idKind: "uscc" | "resident-id"
	readonly idNumber: string
	readonly share?: string
	readonly phone?: string
}

const SURNAMES = [
	..."王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆范汪廖石金贾夏付方邹熊白孟秦邱侯江尹薛闫段雷龙史陶贺毛郝顾龚邵万覃武钱戴严莫孔向常",
]
const GIVEN = [
	..."伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉萍红建国文辉力波宁浩亮成健林飞鹏宇鑫晨阳博雪梅兰莉琳云凤洁颖慧欣怡佳悦婷瑶思雨涵梓轩子墨一诺俊熙浩然天佑志远家豪晓东海燕春生立新永胜金龙玉珍",
]
/** Compound surnames and names of other peoples, with the dot that no two input methods write the same. */
const RARE = ["欧阳振华", "司马文静", "上官晓燕", "诸葛明辉", "阿依古丽·买买提", "古丽娜尔・艾山", "巴特尔", "尉迟建国"]

/** Seventeen digits with their check character (GB 11643-1999, ISO 7064 MOD 11-2). */
export const residentId = (body: string): string => {
	const sum = [...body].reduce((total, digit, at) => total + Number(digit) * (2 ** (17 - at) % 11), 0)
	return body + "10X98765432"[sum % 11]
}

const USCC = "0123456789ABCDEFGHJKLMNPQRTUWXY"

/** A number in the signs of such a code. */
const inUscc = (number: number): string => (number < USCC.length ? "" : inUscc(Math.floor(number / USCC.length))) + USCC[number % USCC.length]

/** GB 32100-2015. */
const uscc = (body: string): string => {
	const sum = [...body].reduce((total, c, at) => total + USCC.indexOf(c) * (3 ** at % 31), 0)
	return body + USCC[(31 - (sum % 31)) % 31]
}

/**
 * A grown-up, on a day. Nobody real: id numbers begin with a prefecture's code (410800), under which none is issued, and no mobile
 * number begins with 12.
 */
export const person = (dice: Dice, today: Day): Party => ({
	name: dice.chance(4) ? dice.pick(RARE) : dice.pick(SURNAMES) + dice.pick(GIVEN) + (dice.chance(720) ? dice.pick(GIVEN) : ""),
	idKind: "resident-id",
	idNumber: residentId(`410800${on(today - dice.between(22 * 365, 66 * 365)).replaceAll("-", "")}${String(dice.between(1, 999)).padStart(3, "0")}`),
	phone: `12${String(dice.between(0, 999_999_999)).padStart(9, "0")}`,
})

/** An organisation by its number in the city; 410899 is no county. */
export const company = (name: string, number: number): Party => ({
	name,
	idKind: "uscc",
	idNumber: uscc(`91410899MA${inUscc(number).padStart(7, "0")}`),
})
