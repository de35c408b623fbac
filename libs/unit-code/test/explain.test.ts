import fc from "fast-check"
import { expect, test } from "vitest"
import { explain, parseCode } from "../src/index.ts"
import { buildings, parcels, texts, units } from "./arbitrary-codes.ts"

const PARCEL = "410811001002GB00018"
const meanings = (text: string) => explain(text).levels.map(({ name, text, meaning }) => `${name} ${text} ${meaning}`)
const meant = (text: string) => [explain(text).kind, ...explain(text).suggestions.map(({ code }) => code)]

test("a flat is explained level by level", () => {
	expect(explain(" 410811 001002 gb00018 f00030045")).toEqual({
		kind: "unit",
		title: "不动产单元代码(28 位)",
		code: "410811001002GB00018F00030045",
		formatted: "410811 001002 GB00018 F00030045",
		levels: [
			{ name: "county", title: "县级行政区划", text: "410811", meaning: "河南省焦作市山阳区" },
			{ name: "cadastral-district", title: "地籍区", text: "001", meaning: "该县第 001 号" },
			{ name: "cadastral-subdistrict", title: "地籍子区", text: "002", meaning: "该地籍区第 002 号" },
			{ name: "ownership", title: "土地所有权类型", text: "G", meaning: "国家土地所有权" },
			{ name: "right", title: "宗地权利类型", text: "B", meaning: "建设用地使用权宗地(地表)" },
			{ name: "parcel-serial", title: "宗地顺序号", text: "00018", meaning: "该地籍子区同类宗地的第 18 号" },
			{ name: "fixture", title: "定着物特征码", text: "F", meaning: "房屋等建筑物、构筑物" },
			{ name: "building", title: "幢号", text: "0003", meaning: "第 3 幢" },
			{ name: "premises", title: "户号", text: "0045", meaning: "序号 0045,不是楼层和房号" },
		],
		problems: [],
		warnings: [],
		suggestions: [],
	})
})

test("a parcel and a building are explained as far as they reach", () => {
	expect(explain(PARCEL)).toMatchObject({ kind: "parcel", title: "宗地代码(19 位)", code: PARCEL, formatted: "410811 001002 GB00018" })
	expect(explain(`${PARCEL}F0003`)).toMatchObject({ kind: "building", title: "自然幢代码(24 位)" })
	expect(meanings(PARCEL).at(-1)).toBe("parcel-serial 00018 该地籍子区同类宗地的第 18 号")
	expect(meanings(`${PARCEL}F0003`).at(-1)).toBe("building 0003 第 3 幢")
})

test("land, trees and other fixtures have one number of eight digits", () => {
	expect(meanings(`${PARCEL}W00000000`).slice(6)).toEqual(["fixture W 无定着物", "fixture-number 00000000 只有土地"])
	expect(meanings(`${PARCEL}L00010203`).slice(6)).toEqual(["fixture L 森林、林木", "fixture-number 00010203 宗地内第 10203 号"])
	expect(meanings(`${PARCEL}Q00000001`).slice(6)).toEqual(["fixture Q 其他定着物", "fixture-number 00000001 宗地内第 1 号"])
	expect(explain(`${PARCEL}W00000000`).levels.at(-1)?.title).toBe("定着物单元号")
})

test("whole buildings, several buildings and zeros are told in words", () => {
	expect(meanings(`${PARCEL}F00030000`).at(-1)).toBe("premises 0000 整幢为一个单元")
	expect(meanings(`${PARCEL}F99990001`).at(-2)).toBe("building 9999 多幢合为一个单元")
	expect(meanings("340104000000GB00000F07880003").slice(0, 6)).toEqual([
		"county 340104 安徽省合肥市蜀山区",
		"cadastral-district 000 跨地籍区、海域或未落宗",
		"cadastral-subdistrict 000 跨地籍子区、海域或未落宗",
		"ownership G 国家土地所有权",
		"right B 建设用地使用权宗地(地表)",
		"parcel-serial 00000 未编号",
	])
	expect(explain("340104000000GB00000F07880003").warnings.map(({ rule }) => rule)).toEqual(["not-on-a-parcel"])
})

test.each([
	["G", "国家土地所有权"],
	["J", "集体土地所有权"],
	["Z", "土地所有权未确定或有争议"],
])("%s at 13 is %s", (letter, title) => {
	expect(explain(`410811001002${letter}B00018`).levels[3]?.meaning).toBe(title)
})

test.each([
	["A", "集体土地所有权宗地"],
	["B", "建设用地使用权宗地(地表)"],
	["C", "宅基地使用权宗地"],
	["D", "土地承包经营权宗地(耕地)"],
	["E", "土地承包经营权宗地(林地)"],
	["F", "土地承包经营权宗地(草地)"],
	["G", "无居民海岛使用权"],
	["H", "海域使用权宗海"],
	["L", "林地使用权宗地(承包经营以外)"],
	["N", "农用地使用权宗地(承包经营以外、非林地)"],
	["S", "建设用地使用权宗地(地上)"],
	["W", "使用权未确定或有争议"],
	["X", "建设用地使用权宗地(地下)"],
	["Y", "其他使用权宗地"],
])("%s at 14 is %s", (letter, title) => {
	expect(explain(`410811001002J${letter}00018`).levels[4]?.meaning).toBe(title)
})

test("a county that is not listed or no longer exists is said, and the code stays a code", () => {
	const unlisted = explain("410871001002GB00018")
	expect(unlisted).toMatchObject({ kind: "parcel", problems: [], warnings: [{ rule: "county-unlisted", position: 1, found: "410871" }] })
	expect(unlisted.levels[0]?.meaning).toBe("不在区划名单(2026-04)内")
	expect(explain("110103001002GB00018").levels[0]?.meaning).toBe("北京市崇文区(已撤销,最后见于 2009 年名单)")
	expect(explain("110103001002GB00018").warnings).toEqual([])
})

test("26 or 28 digits are a house code of the housing department", () => {
	for (const length of [26, 28])
		expect(explain("1".repeat(length))).toMatchObject({ kind: "house-code", title: "全是数字,像房屋编码(FWBM),不是不动产单元代码", suggestions: [] })
	for (const length of [25, 27, 29]) expect(explain("1".repeat(length)).kind).toBe("unknown")
})

test.each([
	["440113013008G800003F00230055", "440113013008GB00003F00230055", "第 14 位「8」或为「B」"],
	["41O811001002GB00018F00030045", "410811001002GB00018F00030045", "第 3 位「O」或为「0」"],
	["410811001002GB000I8F0003OO45", "410811001002GB00018F00030045", "第 18 位「I」或为「1」;第 25 位「O」或为「0」;第 26 位「O」或为「0」"],
	["4l0811001002GB00018", "410811001002GB00018", "第 2 位「L」或为「1」"],
	["410811001002GB0001BFOO03", "410811001002GB00018F0003", "第 19 位「B」或为「8」;第 21 位「O」或为「0」;第 22 位「O」或为「0」"],
	["410811001002GB00018F0003A001", "410811001002GB00018F0003a001", "第 25 位「A」或为「a」"],
	["340104OOO000GB00000", "340104000000GB00000", "第 7 位「O」或为「0」;第 8 位「O」或为「0」;第 9 位「O」或为「0」"],
])("%s is perhaps a misread %s", (text, code, reason) => {
	const { kind, suggestions, code: taken } = explain(text)
	expect([kind, suggestions, taken]).toEqual(["ocr", [{ code, reason }], null])
})

test.each([
	[1, "Z", "2"],
	[1, "S", "5"],
	[1, "G", "6"],
	[1, "D", "0"],
	[1, "Q", "0"],
	[13, "6", "G"],
	[13, "C", "G"],
	[13, "2", "Z"],
	[13, "1", "J"],
	[14, "5", "S"],
	[14, "V", "W"],
	[20, "E", "F"],
	[20, "P", "F"],
])("at position %i, %s may be %s", (position, found, likely) => {
	const put = (character: string) => `${PARCEL}F00030045`.slice(0, position - 1) + character + `${PARCEL}F00030045`.slice(position)
	expect(meant(put(found))).toEqual(["ocr", put(likely)])
})

test("at position 20 the look-alikes are those of the fixture letters", () => {
	expect(meant(`${PARCEL}100000001`)).toEqual(["ocr", `${PARCEL}L00000001`])
	expect(meant(`${PARCEL}I00000001`)).toEqual(["ocr", `${PARCEL}L00000001`])
	expect(meant(`${PARCEL}O00000001`)).toEqual(["ocr", `${PARCEL}Q00000001`])
	expect(meant(`${PARCEL}000000001`)).toEqual(["ocr", `${PARCEL}Q00000001`])
	expect(meant(`${PARCEL}V00000000`)).toEqual(["ocr", `${PARCEL}W00000000`])
})

test("a slip is not proposed where the outcome would break another rule", () => {
	expect(meant("410811001002GBOOOOOF00030045")).toEqual(["malformed"])
	expect(meant("410811001002GB0001KF00030045")).toEqual(["malformed"])
	expect(meant(`${PARCEL}W00000001`)).toEqual(["malformed"])
})

test("codes inside other text are found, each once", () => {
	expect(meant("兴隆台街北211103005007GB00001W00000000双创大厦A座1010-1室")).toEqual(["embedded", "211103005007GB00001W00000000"])
	expect(explain("宗地代码:410811001002gb00018。").suggestions).toEqual([{ code: PARCEL, reason: "原文中的 19 位" }])
	expect(meant(`${PARCEL}F00030045、${PARCEL}F0003;${PARCEL}F00030045`)).toEqual(["embedded", `${PARCEL}F00030045`, `${PARCEL}F0003`])
	expect(meant("单元号 410811 001002 GB00018 F0003a001(附属)")).toEqual(["embedded", `${PARCEL}F0003a001`])
	expect(meant(`地${"址".repeat(1950)}${PARCEL}号`)).toEqual(["embedded", PARCEL])
	expect(meant(`地${"址".repeat(2000)}${PARCEL}号`)).toEqual(["unknown"])
	expect(meant("地址410811001002GA00018号")).toEqual(["unknown"])
	expect(explain(Array.from({ length: 40 }, (_, n) => `${PARCEL}F00${n + 10}、`).join("")).suggestions).toHaveLength(20)
})

test("too short or too long, the beginning that is a code is proposed", () => {
	expect(explain(`${PARCEL}F0003004`)).toMatchObject({
		kind: "truncated",
		title: "像是不完整的代码",
		suggestions: [{ code: `${PARCEL}F0003`, reason: "只取前 24 位" }],
	})
	expect(meant(`${PARCEL}F`)).toEqual(["truncated", PARCEL])
	expect(meant(`${PARCEL}F9999000`)).toEqual(["truncated", PARCEL])
	expect(meant(PARCEL.slice(0, 18))).toEqual(["truncated"])
	expect(meant(PARCEL.slice(0, 13))).toEqual(["truncated"])
	expect(meant(PARCEL.slice(0, 12))).toEqual(["unknown"])
	expect(explain(`${PARCEL}F0003004500`)).toMatchObject({
		kind: "too-long",
		title: "像是多了字符的代码",
		suggestions: [{ code: `${PARCEL}F00030045`, reason: "只取前 28 位" }],
	})
	expect(meant(`${PARCEL}F00030045000000000000`)).toEqual(["too-long", `${PARCEL}F00030045`])
	expect(meant(`${PARCEL}F000300450000000000000`)).toEqual(["unknown"])
})

test("what shares little with a code is not called one", () => {
	for (const text of [
		"",
		"你好",
		"hello",
		"豫(2023)焦作市不动产权第0000000号",
		"41081119900101123X",
		"91410800MA3X00000G",
		"x".repeat(28),
		"2306-410811-04-01-123456",
	])
		expect(explain(text)).toMatchObject({ kind: "unknown", title: "看不出是哪一种代码", code: null, formatted: null, levels: [], warnings: [] })
	expect(meant("41081G")).toEqual(["unknown"])
	expect(explain("410811001002GB00018F000X00XX").kind).toBe("malformed")
	expect(explain("410811001002GB0XXX8FXXX300XX").kind).toBe("unknown")
})

test("suggestions are codes, and a code needs none", () => {
	fc.assert(
		fc.property(fc.oneof(texts, fc.string({ unit: "binary", maxLength: 200 }), parcels, buildings, units), (text) => {
			const { code, kind, problems, suggestions } = explain(text)
			for (const suggestion of suggestions) expect(parseCode(suggestion.code)).toMatchObject({ ok: true, code: suggestion.code })
			expect(code === null).toBe(!parseCode(text).ok)
			expect(code === null).toBe(problems.length > 0)
			expect(code !== null).toBe(["unit", "parcel", "building"].includes(kind))
		}),
		{ numRuns: 1000 },
	)
})

test("a code put into an address is found again", () => {
	fc.assert(fc.property(fc.oneof(units, parcels, buildings), (code) => void expect(meant(`路北${code}号院`)).toEqual(["embedded", code])))
})

test("one slip in a code is proposed back", () => {
	fc.assert(
		fc.property(units, fc.constantFrom(1, 6, 9, 12, 15, 19, 21, 24, 28), (code, position) => {
			const slip = { "0": "O", "1": "I", "2": "Z", "5": "S", "6": "G", "8": "B" }[code[position - 1] ?? ""]
			fc.pre(slip !== undefined)
			expect(meant(code.slice(0, position - 1) + slip + code.slice(position))).toEqual(["ocr", code])
		}),
	)
})
