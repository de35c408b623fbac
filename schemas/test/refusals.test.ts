import { Result } from "effect"
import { describe, expect, test } from "vitest"
import { decodeSealed, decodeText, decodeWire, PROBLEM_CODES, type Problem } from "../src/index.ts"
import { example, type Json } from "./stored.ts"

const problemsOf = (input: unknown): readonly Problem[] => {
	const read = decodeWire(input)
	return Result.isFailure(read) ? read.failure : []
}

const brief = (problems: readonly Problem[]) => problems.map(({ code, pointer }) => `${code} ${pointer}`).sort()

/** Each: what is wrong in words, the event, its problems as `code pointer`, a text that the message holds. */
type Case = readonly [title: string, event: Json, problems: readonly string[], says: string]

const sale = (envelope: Json, data: Json = {}) => example("sales.contract-filed", envelope, data)

const ENVELOPE: readonly Case[] = [
	["another version of CloudEvents", sale({ specversion: "0.3" }), ["choice /specversion"], "「0.3」不在可选值之内:1.0"],
	["no version of CloudEvents", sale({ specversion: undefined }), ["required /specversion"], "缺少必填字段 specversion"],
	["an id that is a number", sale({ id: 7 }), ["type /id"], "「7」应为文本"],
	["an empty id", sale({ id: "" }), ["text /id"], "不能为空"],
	["an id of spaces that nobody sees", sale({ id: "\u200b\u3000" }), ["text /id"], "不能为空"],
	["an id that is too long", sale({ id: "x".repeat(201) }), ["text /id"], "共 201 字,最多 200 字"],
	["a source with the # that ends it in a key", sale({ source: "jz/housing#1" }), ["source /source"], "「jz/housing#1」应为"],
	["a source in Chinese", sale({ source: "住建局" }), ["source /source"], "「住建局」应为"],
	["a source with a space", sale({ source: "jz housing" }), ["source /source"], "「jz housing」应为"],
	["a source that is too long", sale({ source: "x".repeat(201) }), ["source /source"], "1 至 200"],
	["no source", sale({ source: undefined }), ["required /source"], "缺少必填字段 source"],
	["no type", sale({ type: undefined }), ["required /type"], "缺少必填字段 type"],
	["an empty type", sale({ type: "" }), ["text /type"], "不能为空"],
	["a type that is a list", sale({ type: ["yima.sales.contract-filed.v1"] }), ["type /type"], "此值应为文本"],
	["a type that nobody knows", sale({ type: "yima.sales.contract-signed.v1" }), ["unknown-type /type"], "「yima.sales.contract-signed.v1」"],
	["a type in another family", sale({ type: "yima.land.contract-filed.v1" }), ["unknown-type /type"], "「yima.land.contract-filed.v1」"],
	["a version that is not there yet", sale({ type: "yima.sales.contract-filed.v2" }), ["unknown-type /type"], "v2"],
	["a type without its prefix", sale({ type: "sales.contract-filed" }), ["unknown-type /type"], "「sales.contract-filed」"],
	["a type in capitals", sale({ type: "yima.Sales.contract-filed.v1" }), ["unknown-type /type"], "Sales"],
	["the registry's own type", sale({ type: "yima.clock.ticked.v1" }), ["unknown-type /type"], "clock"],
	["a derived type", sale({ type: "yima.finding.raised.v1" }), ["unknown-type /type"], "finding.raised"],
	["a subject that is no code", sale({ subject: "山阳区3号楼" }), ["code /subject"], "「山阳区3号楼」不是宗地"],
	["a subject that lost a digit", sale({ subject: "410811001002GB00018F0003004" }), ["code /subject"], "「410811001002GB00018F0003004」"],
	["a project without a code", sale({ subject: "project: " }), ["code /subject"], "「project: 」"],
	["a project code of any length", sale({ subject: `project:${"1".repeat(300)}` }), ["code /subject"], "…」"],
	["a time without offset", sale({ time: "2023-05-31T09:30:00" }), ["moment /time"], "「2023-05-31T09:30:00」不是"],
	["a time on a day that is not in the calendar", sale({ time: "2023-02-30T09:30:00+08:00" }), ["moment /time"], "2023-02-30"],
	["a time at 25 o'clock", sale({ time: "2023-05-31T25:00:00+08:00" }), ["moment /time"], "T25"],
	["a time without seconds", sale({ time: "2023-05-31T09:30+08:00" }), ["moment /time"], "09:30+08:00"],
	["a time with a space", sale({ time: "2023-05-31 09:30:00+08:00" }), ["moment /time"], "RFC 3339"],
	["a time as a date", sale({ time: "2023-05-31" }), ["moment /time"], "「2023-05-31」"],
	["a time as milliseconds", sale({ time: 1596470400000 }), ["type /time"], "「1596470400000」应为文本"],
	["a time that stands for an empty cell", sale({ time: "1899-12-30T00:00:00+08:00" }), ["moment /time"], "1900 至 2199"],
	["a time after 2199", sale({ time: "2200-01-01T00:00:00+08:00" }), ["moment /time"], "1900 至 2199"],
	["no time", sale({ time: undefined }), ["required /time"], "缺少必填字段 time"],
	[
		"a day that does not begin at midnight",
		sale({ timeprecision: "day", time: "2023-05-31T09:30:00+08:00" }),
		["timeprecision /time"],
		"「2023-05-31T09:30:00+08:00」",
	],
	["a day that begins at another country's midnight", sale({ timeprecision: "day", time: "2023-05-31T00:00:00Z" }), ["timeprecision /time"], "北京时间零点"],
	["a precision that is not known", sale({ timeprecision: "minute" }), ["choice /timeprecision"], "「minute」不在可选值之内:day、second"],
	["a recorded time of the sender's own", sale({ recordedtime: "2023-05-31T00:00:00Z" }), ["recordedtime /recordedtime"], "由登记系统写入"],
	["a correction of itself", sale({ id: "1", corrects: "1" }), ["corrects /corrects"], "「1」不能更正自己"],
	["a correction of nothing", sale({ corrects: "" }), ["text /corrects"], "不能为空"],
	["a correction of a retraction", example("sales.retracted", { corrects: "1" }), ["corrects /corrects"], "撤回不能被更正"],
	["when a correction was said, without one", sale({ statedat: "2023-06-01T00:00:00+08:00" }), ["statedat /statedat"], "只能与 corrects 同用"],
	[
		"another type's schema",
		sale({ dataschema: "urn:yima:schema:yima.land.granted.v1" }),
		["dataschema /dataschema"],
		"应为 urn:yima:schema:yima.sales.contract-filed.v1",
	],
	["no data", sale({ data: undefined }), ["required /data"], "缺少必填字段 data"],
	["data that is text", sale({ data: "x" }), ["type /data"], "应为对象"],
	["data that is a list", sale({ data: [] }), ["type /data"], "应为对象"],
	[
		"nothing that says where it belongs",
		example("land.handed-over", { subject: undefined }, { handoverNo: "1" }),
		["subject /subject"],
		"至少要有一个业务标识",
	],
	[
		"empty lists that say nothing of where it belongs",
		example("land.premium-paid", { subject: undefined }, { refs: [] }),
		["subject /subject"],
		"清单中的一个代码",
	],
]

const DATA: readonly Case[] = [
	["a missing number", sale({}, { contractNo: undefined }), ["required /data/contractNo"], "缺少必填字段 contractNo"],
	["a number that is null", sale({}, { contractNo: null }), ["type /data/contractNo"], "「null」应为文本"],
	["a number of spaces", sale({}, { contractNo: " \u3000" }), ["text /data/contractNo"], "不能为空"],
	["a number that came as a JSON number", sale({}, { contractNo: 320180918000000 }), ["type /data/contractNo"], "应为文本"],
	["a choice that is not offered", sale({}, { kind: "second-hand" }), ["choice /data/kind"], "「second-hand」不在可选值之内:presale、completed"],
	["a choice in Chinese", sale({}, { kind: "预售" }), ["choice /data/kind"], "「预售」"],
	["a choice that is a number", sale({}, { kind: 1 }), ["choice /data/kind"], "「1」"],
	["a day that is not in the calendar", sale({}, { signedOn: "2023-02-30" }), ["date /data/signedOn"], "「2023-02-30」不是日期"],
	["the leap day of a common year", sale({}, { signedOn: "1900-02-29" }), ["date /data/signedOn"], "1900-02-29"],
	["a month that is not in the calendar", sale({}, { signedOn: "2023-13-01" }), ["date /data/signedOn"], "2023-13-01"],
	["a date before 1900", sale({}, { signedOn: "1899-12-31" }), ["date /data/signedOn"], "1900 年以后"],
	["a date with slashes", sale({}, { signedOn: "2023/05/31" }), ["date /data/signedOn"], "YYYY-MM-DD"],
	["a date with a time", sale({}, { signedOn: "2023-05-31T00:00:00+08:00" }), ["date /data/signedOn"], "T00"],
	["a date in full width", sale({}, { signedOn: "２０２３-05-31" }), ["date /data/signedOn"], "２０２３"],
	["a date as a number", sale({}, { signedOn: 20230531 }), ["type /data/signedOn"], "「20230531」应为文本"],
	["an amount with three places", sale({}, { totalPriceCny: "1.005" }), ["decimal /data/totalPriceCny"], "「1.005」应为"],
	["an amount that is a JSON number", sale({}, { totalPriceCny: 842295.44 }), ["type /data/totalPriceCny"], "「842295.44」应为文本"],
	["a price below nothing", sale({}, { totalPriceCny: "-1.00" }), ["decimal /data/totalPriceCny"], "不带符号"],
	["an amount with a plus", sale({}, { totalPriceCny: "+1.00" }), ["decimal /data/totalPriceCny"], "「+1.00」"],
	["an amount with an exponent", sale({}, { totalPriceCny: "1e5" }), ["decimal /data/totalPriceCny"], "「1e5」"],
	["an amount with thousands separators", sale({}, { totalPriceCny: "1,504,099" }), ["decimal /data/totalPriceCny"], "「1,504,099」"],
	["an amount without its last places", sale({}, { totalPriceCny: "1." }), ["decimal /data/totalPriceCny"], "「1.」"],
	["an amount without its first place", sale({}, { totalPriceCny: ".5" }), ["decimal /data/totalPriceCny"], "「.5」"],
	["an amount in full width", sale({}, { totalPriceCny: "１２" }), ["decimal /data/totalPriceCny"], "１２"],
	["an amount with its unit", sale({}, { totalPriceCny: "14362万元" }), ["decimal /data/totalPriceCny"], "万元"],
	["an amount with a space", sale({}, { totalPriceCny: " 12" }), ["decimal /data/totalPriceCny"], "「 12」"],
	["an amount of sixteen digits", sale({}, { totalPriceCny: "1".repeat(16) }), ["decimal /data/totalPriceCny"], "1111"],
	["an empty amount", sale({}, { totalPriceCny: "" }), ["decimal /data/totalPriceCny"], "「」应为"],
	["a difference with three places", example("sales.area-settled", {}, { differenceM2: "-0.385" }), ["decimal /data/differenceM2"], "「-0.385」"],
	["a count that is text", example("project.scheduled", {}, { unitCount: "3" }), ["type /data/unitCount"], "「3」应为数字"],
	["half a flat", example("project.scheduled", {}, { unitCount: 1.5 }), ["integer /data/unitCount"], "「1.5」应为 0 至"],
	["flats below nothing", example("project.scheduled", {}, { unitCount: -1 }), ["integer /data/unitCount"], "「-1」"],
	["a rank of nothing", example("finance.mortgage-registered", {}, { rank: 0 }), ["integer /data/rank"], "「0」应为 1 至"],
	["a term that no calendar reaches", example("judicial.seized", {}, { termMonths: 10_000_000 }), ["integer /data/termMonths"], "1 至 1200"],
	["a yes that is text", example("land.premium-paid", {}, { paidInFull: "是" }), ["type /data/paidInFull"], "「是」应为布尔值(true 或 false)"],
	["a moment without offset", example("judicial.seized", {}, { servedAt: "2023-05-31T09:30:00" }), ["moment /data/servedAt"], "带时区"],
	["a list that is one value", example("registration.first-applied", {}, { units: "410811001002GB00018F00030045" }), ["type /data/units"], "此值应为列表"],
	[
		"a building where a flat belongs",
		example("registration.first-applied", {}, { units: ["410811001002GB00018F0003"] }),
		["code /data/units/0"],
		"共 24 位,应为 28 位",
	],
	[
		"an 8 for a B",
		example("registration.first-applied", {}, { units: ["410811001002GB00018F00030045", "410811001002G800018F00030045"] }),
		["code /data/units/1"],
		"第 14 位",
	],
	["a parcel whose serial is nothing", example("project.scoped", {}, { parcels: ["410811001002GB00000"] }), ["code /data/parcels/0"], "00001"],
	["an unknown kind of identifier", sale({}, { refs: [{ kind: "event", value: "a#1" }] }), ["choice /data/refs/0/kind"], "「event」"],
	["an identifier without value", sale({}, { refs: [{ kind: "invoice-no" }] }), ["required /data/refs/0/value"], "value"],
	["an identifier that is too long", sale({}, { refs: [{ kind: "address", value: "号".repeat(301) }] }), ["text /data/refs/0/value"], "共 301 字"],
	["a document without number", sale({}, { documents: [{ kind: "合同" }] }), ["required /data/documents/0/number"], "number"],
	["a digest in capitals", sale({}, { documents: [{ kind: "合同", number: "1", sha256: "E".repeat(64) }] }), ["sha256 /data/documents/0/sha256"], "64 位小写"],
	[
		"a building that is neither called nor coded",
		example("planning.works-permitted", {}, { perBuilding: [{ floors: 3 }] }),
		["required /data/perBuilding/0"],
		"缺少 label 或 code",
	],
	["a survey row without code", example("survey.predicted", {}, { units: [{ room: "101" }] }), ["required /data/units/0/code"], "code"],
	[
		"more than the list may hold",
		example("project.scoped", {}, { buildingLabels: Array(20_001).fill("1#楼") }),
		["list /data/buildingLabels"],
		"共 20001 项,最多 20000 项",
	],
]

const person = (changes: Json) => sale({}, { buyers: [{ name: "张无名", idKind: "resident-id", idNumber: "410811190001010016", ...changes }] })

const PERSONS: readonly Case[] = [
	["a share of more than one", person({ share: "3/2" }), ["share /data/buyers/0/share"], "「3/2」不是份额"],
	["a share of nothing", person({ share: "0/1" }), ["share /data/buyers/0/share"], "「0/1」"],
	["a share as a percentage", person({ share: "50%" }), ["share /data/buyers/0/share"], "「50%」"],
	["a share as a decimal", person({ share: "0.5" }), ["share /data/buyers/0/share"], "「0.5」"],
	["a person without name", person({ name: undefined }), ["required /data/buyers/0/name"], "缺少必填字段 name"],
	["a person with an empty name", person({ name: " " }), ["text /data/buyers/0/name"], "此值不能为空"],
	["a person whose number is a JSON number", person({ idNumber: 410811190001010 }), ["type /data/buyers/0/idNumber"], "此值应为文本"],
	["a person whose kind of paper is not known", person({ idKind: "张无名" }), ["choice /data/buyers/0/idKind"], "此值不在可选值之内"],
	["a person's number that is too long", person({ idNumber: "4".repeat(65) }), ["text /data/buyers/0/idNumber"], "此值文字过长"],
	["a phone that is a number", person({ phone: 13900000001 }), ["type /data/buyers/0/phone"], "此值应为文本"],
	["a name where a person belongs", sale({}, { buyers: ["张无名"] }), ["type /data/buyers/0"], "此值应为对象"],
	["a name where persons belong", sale({}, { buyers: "张无名" }), ["type /data/buyers"], "此值应为列表"],
	["an id number where a company belongs", sale({}, { seller: 410811190001010 }), ["type /data/seller"], "此值应为对象"],
]

describe.each([
	["the envelope", ENVELOPE],
	["the data", DATA],
	["persons", PERSONS],
])("in %s is refused, where it stands and in words,", (_, cases) => {
	test.each(cases)("%s", (_title, event, expected, says) => {
		const problems = problemsOf(event)
		expect(brief(problems)).toEqual([...expected].sort())
		expect(problems.map(({ message }) => message).join("\n")).toContain(says)
		for (const { message } of problems) expect(message).not.toMatch(/张无名|4108111900010100?16?|13900000001|4{20}/)
		expect(Result.isFailure(decodeText(JSON.stringify(event)))).toBe(true)
	})
})

test("every problem of an event is told at once, the envelope's, those between its attributes and the data's", () => {
	const event = {
		specversion: "2",
		id: "1",
		source: "a#b",
		type: "yima.sales.retracted.v1",
		subject: "x",
		time: "2023-05-31T09:30:00+08:00",
		timeprecision: "day",
		corrects: "1",
		dataschema: "urn:x",
		recordedtime: "2023",
		data: { event: {}, refs: [{ kind: "?", value: "" }], documents: [{ kind: "k", number: "n", issuedOn: "2023-02-30" }] },
	}
	expect(brief(problemsOf(event))).toEqual(
		[
			"choice /specversion",
			"source /source",
			"code /subject",
			"timeprecision /time",
			"corrects /corrects",
			"corrects /corrects",
			"dataschema /dataschema",
			"recordedtime /recordedtime",
			"required /data/event/id",
			"required /data/reason",
			"choice /data/refs/0/kind",
			"text /data/refs/0/value",
			"date /data/documents/0/issuedOn",
		].sort(),
	)
})

test("an unknown type hides nothing that is wrong with the envelope", () => {
	expect(brief(problemsOf({ ...sale({}), type: "yima.x.y.v1", time: "now", recordedtime: 1 }))).toEqual([
		"moment /time",
		"recordedtime /recordedtime",
		"unknown-type /type",
	])
})

test.each([null, true, 7, "x", [], [sale({})], undefined])("what is no object at all is refused: %j", (input) => {
	expect(brief(problemsOf(input))).toEqual(["type "])
	expect(problemsOf(input)[0]?.message).toBe("事件应为 JSON 对象")
})

test("text that is no JSON is refused without repeating it, for persons may stand in it", () => {
	const read = decodeText('{"data":{"buyers":[{"name":"张无名"')
	expect(Result.isFailure(read) && read.failure).toEqual([{ code: "json", pointer: "", message: "不是有效的 JSON(共 32 个字符)" }])
})

test("a pointer escapes the names that it passes (RFC 6901), and leads through lists", () => {
	const at = (data: Json) => brief(problemsOf(sale({}, data)))
	expect(at({ "a/b~c": { "": ["x\u0000"] } })).toEqual(["characters /data/a~1b~0c//0"])
	expect(at({ more: JSON.parse('[0,{"__proto__":1}]') })).toEqual(["forbidden-key /data/more/1/__proto__"])
})

test("what a message shows is short, on one line and made of whole characters", () => {
	const [problem] = problemsOf(sale({}, { kind: `${"a\n".repeat(29)}b𠮷${"c".repeat(100)}` }))
	expect(problem?.message).toMatch(/^「(?:a ){29}b.…」不在/u)
	expect(problem?.message.isWellFormed()).toBe(true)
	expect(problem?.message).not.toMatch(/\p{Cc}/u)
})

test("an event with more than a hundred problems lists a hundred of them", () => {
	expect(problemsOf(example("registration.first-applied", {}, { units: Array(500).fill("x") })).length).toBeLessThanOrEqual(101)
})

test("the log's form wants natural persons sealed, and organisations in clear", () => {
	const open = decodeSealed(sale({}))
	expect(Result.isFailure(open) && brief(open.failure).filter((each) => each.includes("buyers/0"))).not.toEqual([])
	expect(Result.isFailure(open) && open.failure.map(({ message }) => message).join("\n")).not.toMatch(/甲三|410811190001010016/)
})

test("the codes are those of the documented list, each with its meaning", () => {
	const seen = new Set([...ENVELOPE, ...DATA, ...PERSONS].flatMap(([, event]) => problemsOf(event).map(({ code }) => code)))
	expect([...seen].filter((code) => !(code in PROBLEM_CODES))).toEqual([])
	const elsewhere = ["json", "too-large", "too-deep", "forbidden-key", "characters", "number"]
	const intakeAlone = ["future", "county", "forbidden-family", "forbidden-source", "conflict"]
	expect(Object.keys(PROBLEM_CODES).filter((code) => !seen.has(code as Problem["code"]))).toEqual([...elsewhere, ...intakeAlone])
	expect(Object.values(PROBLEM_CODES).every((meaning) => /\p{Script=Han}/u.test(meaning))).toBe(true)
})
