import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { readArea, readInteger, readMoney, unitIn } from "../src/amount.ts"
import { readDate, readMoment } from "../src/date.ts"
import { entriesOf } from "../src/list.ts"
import { gluedOf, idKindOf } from "../src/party.ts"

const shown = (read: object): string => ("value" in read ? String(read.value) : `✗ ${(read as { readonly message: string }).message}`)

describe("a printed date", () => {
	test.each([
		["2025-11-27", "2025-11-27T00:00:00+08:00"],
		["2026-8-13 10:00:00", "2026-08-13T10:00:00+08:00"],
		["2026.3.18", "2026-03-18T00:00:00+08:00"],
		["[2026-07-28]", "2026-07-28T00:00:00+08:00"],
		["2026年08月04日", "2026-08-04T00:00:00+08:00"],
		["2013年9月13日", "2013-09-13T00:00:00+08:00"],
		["2013 年 9 月 13 日", "2013-09-13T00:00:00+08:00"],
		["2026-04-29 10:34:00.0", "2026-04-29T10:34:00+08:00"],
		["2017-12-26 10:36:31.000000000", "2017-12-26T10:36:31+08:00"],
		["2018-11-13 1:45:54", "2018-11-13T01:45:54+08:00"],
		["2021-02-06T01:35:42.000+08:00", "2021-02-06T01:35:42+08:00"],
		["20200117", "2020-01-17T00:00:00+08:00"],
		["2026 04 20", "2026-04-20T00:00:00+08:00"],
		["1596470400", "2020-08-04T00:00:00+08:00"],
		["1548086400000", "2019-01-22T00:00:00+08:00"],
		["/Date(1548086400000)/", "2019-01-22T00:00:00+08:00"],
		["45077", "2023-05-31T00:00:00+08:00"],
		["45077.5", "2023-05-31T12:00:00+08:00"],
		["２０２３年５月３１日", "2023-05-31T00:00:00+08:00"],
		["2025-01", "✗ 只有年月,没有日"],
		["2023年5月", "✗ 只有年月,没有日"],
		["2023年2月30日", "✗ 没有这一天"],
		["2023-05-31 25:00", "✗ 没有这个时刻"],
		["-2209017600", "✗ 不是日期,例如 2023-05-31、2023年5月31日、2023/5/31 9:30"],
		["2017年03月01日-2087年03月01日", "✗ 不是日期,例如 2023-05-31、2023年5月31日、2023/5/31 9:30"],
		["详见附记栏", "✗ 不是日期,例如 2023-05-31、2023年5月31日、2023/5/31 9:30"],
	])("%s", (text, says) => {
		expect(shown(readMoment(text))).toBe(says)
	})

	test("of any day, in any of these ways, is that day", () => {
		const days = fc
			.date({ min: new Date("1950-01-01T00:00:00Z"), max: new Date("2099-12-31T00:00:00Z"), noInvalidDate: true })
			.map((at) => at.toISOString().slice(0, 10))
		const ways: readonly ((y: string, m: string, d: string) => string)[] = [
			(y, m, d) => `${y}-${m}-${d}`,
			(y, m, d) => `${y}年${Number(m)}月${Number(d)}日`,
			(y, m, d) => `${y}.${Number(m)}.${Number(d)}`,
			(y, m, d) => `${y}/${m}/${d} 00:00`,
			(y, m, d) => `${y}${m}${d}`,
			(y, m, d) => String(Date.parse(`${y}-${m}-${d}T00:00:00Z`) / 86_400_000 + 25_569),
		]
		fc.assert(
			fc.property(days, fc.nat(ways.length - 1), (day, way) => {
				const [y = "", m = "", d = ""] = day.split("-")
				expect(shown(readDate(ways[way]?.(y, m, d) ?? ""))).toBe(day)
			}),
		)
	})
})

describe("a printed sum", () => {
	test.each([
		["56561", "万元", "565610000.00"],
		["14362万元", "元", "143620000.00"],
		["1,234.56万元", "元", "12345600.00"],
		["3.5亿元", "元", "350000000.00"],
		["1,504,099 元", "元", "1504099.00"],
		["￥1,116.00", "元", "1116.00"],
		["784200元（大写：柒拾捌万肆仟贰佰圆整)", "元", "784200.00"],
		["237.3464", "万元", "2373464.00"],
		["121212.0", "元", "121212.00"],
		["160918.8700000000000000", "元", "160918.87"],
		["0.30000000000000004", "元", "0.30"],
		["14800元/平方米", "元", "✗ 是单价,不是总数"],
		["-1.0", "元", "✗ 不能为负;不详请留空"],
		["1234.567", "元", "✗ 小数位过多,折算后不足一分"],
		["12,34", "元", "✗ 不是金额,例如 1,234.56万元"],
		["145044 / 4920", "元", "✗ 不是金额,例如 1,234.56万元"],
	])("%s in %s", (text, unit, says) => {
		expect(shown(readMoney(text, unit))).toBe(says)
	})

	test("is exact, however large", () => {
		fc.assert(
			fc.property(fc.bigInt({ min: 0n, max: 10n ** 14n }), (cents) => {
				const digits = String(cents).padStart(3, "0")
				const yuan = `${digits.slice(0, -2)}.${digits.slice(-2)}`
				expect(shown(readMoney(yuan, "元"))).toBe(yuan)
				const long = String(cents).padStart(7, "0")
				expect(shown(readMoney(`${long.slice(0, -6)}.${long.slice(-6)}万元`, "元"))).toBe(yuan)
			}),
		)
	})
})

describe("a printed area", () => {
	test.each([
		["1.512453公顷", "m2", "15124.53"],
		["34.3", "亩", "22866.67"],
		["16366.65平方米，合24.55亩", "m2", "16366.65"],
		["255.87㎡", "m2", "255.87"],
		["8,000,000㎡", "m2", "8000000.00"],
		["23032.4371", "m2", "23032.44"],
		["39745 M2", "m2", "39745.00"],
		["地上：1508.0M2地下0M2", "m2", "✗ 不是面积,例如 118.50㎡、12.34亩"],
		["办公,12", "m2", "✗ 不是面积,例如 118.50㎡、12.34亩"],
		["常房新字00050538", "m2", "✗ 不是面积,例如 118.50㎡、12.34亩"],
	])("%s in %s", (text, unit, says) => {
		expect(shown(readArea(text, unit))).toBe(says)
	})
})

test.each([
	["成交价格(万元", "万元"],
	["土地面积（亩）", "亩"],
	["面积（㎡）", "m2"],
	["土地面积(M2)", "m2"],
	["挂牌起始价（人民币、万元）", "万元"],
	["土地抵押金额\n（万元）", "万元"],
	["成交价 (元/平方米)", null],
	["总价", null],
])("a heading %s names the unit %s", (heading, unit) => {
	expect(unitIn(heading)).toBe(unit)
})

test("joined cells come apart at every mark that people put", () => {
	expect(entriesOf("甲、乙；丙\n丁，戊;己")).toEqual(["甲", "乙", "丙", "丁", "戊", "己"])
})

test("whole numbers may bear what they count", () => {
	expect([shown(readInteger("120套")), shown(readInteger("3层")), shown(readInteger("70.0")), shown(readInteger("若干"))]).toEqual([
		"120",
		"3",
		"70",
		"✗ 不是整数",
	])
})

test("a paper is told by its number: what begins a permit's is no citizen's", () => {
	expect([
		idKindOf("91410899MA0000001F", undefined),
		idKindOf("410800199001010018", undefined),
		idKindOf("E12345678", undefined),
		idKindOf("X", "护照"),
	]).toEqual(["uscc", "resident-id", "passport", "passport"])
	expect(gluedOf("焦作市示范置业有限公司91410899MA0000001F(1-1)")).toEqual({ name: "焦作市示范置业有限公司", number: "91410899MA0000001F" })
	expect(gluedOf("焦作市示范置业有限公司")).toBeNull()
})
