import { fromHundredths } from "@yima/schemas"
import { type Read, right, type SheetProblemCode, wrong } from "./sheet-problem.ts"

/** What one of a unit is, in hundredths of the basic unit (yuan; square metres), as a fraction. */
type Unit = readonly [numerator: bigint, denominator: bigint]

const MONEY: Readonly<Record<string, Unit>> = { 元: [100n, 1n], 圆: [100n, 1n], 万元: [1_000_000n, 1n], 万: [1_000_000n, 1n], 亿元: [10_000_000_000n, 1n] }

/** 1 亩 = 2000/3 m². */
const AREA: Readonly<Record<string, Unit>> = {
	平方米: [100n, 1n],
	平米: [100n, 1n],
	m2: [100n, 1n],
	"㎡": [100n, 1n],
	亩: [200_000n, 3n],
	公顷: [1_000_000n, 1n],
	平方千米: [100_000_000n, 1n],
	平方公里: [100_000_000n, 1n],
}

const alternatives = (units: Readonly<Record<string, Unit>>): string =>
	Object.keys(units)
		.sort((a, b) => b.length - a.length)
		.join("|")

/** Thousands only where they are thousands: 12,34 is a mistake, not 1234. */
const NUMBER = String.raw`(-?)(\d{1,3}(?:,\d{3})+|\d+)(?:\.(\d+))?`

/** A decimal number with its unit as hundredths of the basic unit, rounded half up; whether nothing was lost. */
const scaled = (whole: string, places: string, [numerator, denominator]: Unit): { readonly hundredths: bigint; readonly isExact: boolean } => {
	const scale = 10n ** BigInt(places.length)
	const top = BigInt(whole + places) * numerator
	const bottom = scale * denominator
	return { hundredths: (2n * top + bottom) / (2n * bottom), isExact: top % bottom === 0n }
}

const reading =
	(code: SheetProblemCode, units: Readonly<Record<string, Unit>>, before: RegExp, after: RegExp, example: string, isMeasured: boolean) =>
	(text: string, unit: string): Read<string> => {
		const byDefault = units[unit]
		if (byDefault === undefined) throw new Error(`there is no unit ${unit}`)
		const printed = text.normalize("NFKC").replaceAll("㎡", "m2").replace(/\s+/g, "").replace(/M2/g, "m2").replace(before, "").replace(after, "")
		const [, sign, whole, places = "", own] = new RegExp(`^${NUMBER}(${alternatives(units).replace("㎡|", "")})?$`).exec(printed) ?? []
		if (whole === undefined) {
			if (/\/(?:平方米|m2|亩|公顷|月)/.test(printed)) return wrong(code, "是单价,不是总数")
			return wrong(code, `不是${example}`)
		}
		if (sign === "-") return wrong(code, "不能为负;不详请留空")
		// Sixteen places of zeros, or 0.1 + 0.2 as a machine adds it: no more was meant than what is written without them.
		const { hundredths, isExact } = scaled(whole.replaceAll(",", ""), trimmed(places), units[own ?? unit] ?? byDefault)
		return isExact || isMeasured ? right(fromHundredths(hundredths)) : wrong(code, "小数位过多,折算后不足一分")
	}

/** Without the zeros at the end, and without what a binary fraction leaves behind in the fifteenth place. */
const trimmed = (places: string): string => places.replace(/(\d*?)0{6,}\d{1,3}$/, "$1").replace(/0+$/, "")

/**
 * A printed sum in yuan with two places: 1,234.56万元, 3.5亿元, ￥1,116.00, 784200元(大写:…). `unit`: of the column, where the value names none.
 * A price per square metre is no sum.
 */
export const readMoney = reading(
	"money",
	MONEY,
	/^(?:人民币|RMB|CNY|[¥￥$])+/i,
	/(?:整|\((?:大写|人民币)[^)]*\)?|人民币[^\d]*)$/,
	"金额,例如 1,234.56万元",
	false,
)

/** A printed area in square metres with two places, rounded half up as measured things are: 1.512453公顷, 34.3亩, 255.87㎡, 16366.65平方米,合24.55亩 (the first of the two counts). */
export const readArea = reading("area", AREA, /^(?:约|共)/, /[,,;;(]?(?:合|折合|约合)[\d.,]+(?:亩|公顷|平方米|m2)\)?$/, "面积,例如 118.50㎡、12.34亩", true)

/** A plain decimal with at most two places. */
export const readDecimal = (text: string): Read<string> => {
	const read = readMoney(text, "元")
	return "value" in read ? read : wrong("decimal", "不是至多两位小数的数字")
}

export const readInteger = (text: string): Read<number> => {
	const printed = text
		.normalize("NFKC")
		.replace(/\s+/g, "")
		.replace(/[层套幢栋个月年户]$/, "")
	return /^\d{1,9}(?:\.0+)?$/.test(printed) ? right(Number(printed)) : wrong("integer", "不是整数")
}

/** The unit that a heading names in brackets, even in one whose end is cut off, as `readMoney` and `readArea` know it; null: none, or a price of one. */
export const unitIn = (heading: string): string | null => {
	const [, inside = ""] = /\((.*)$/.exec(heading.normalize("NFKC").replaceAll("㎡", "m2").replace(/\s+/g, "")) ?? []
	const [, unit = ""] = /^(?:人民币|单位[::]?|,|、)*(亿元|万元|元|平方千米|平方公里|平方米|平米|公顷|亩|m2|M2)\)?$/.exec(inside) ?? []
	return unit === "" ? null : unit.toLowerCase()
}

export const isMoneyUnit = (unit: string): boolean => Object.hasOwn(MONEY, unit)
export const isAreaUnit = (unit: string): boolean => Object.hasOwn(AREA, unit)
