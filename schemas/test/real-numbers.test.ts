import { readFileSync } from "node:fs"
import { Result } from "effect"
import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { accountNumber, buildingLabel, decodeWire, identifier, type Kind, normalForm } from "../src/index.ts"
import { example } from "./stored.ts"

const table = (name: string) =>
	readFileSync(new URL(name, import.meta.url), "utf8")
		.trimEnd()
		.split("\n")
		.slice(1)
		.map((line) => line.split("\t"))

const numbers = table("real-numbers.tsv").map(([kind = "", printed = "", normal = ""]) => ({ kind: kind as Kind, printed, normal }))

const fullWidth = (text: string) => text.replace(/[!-~]/g, (each) => String.fromCharCode(each.charCodeAt(0) + 0xfee0))

/** The ways in which one number is printed: brackets of each shape and width, spaces of each width, letters small and wide. */
const spellings = (printed: string): readonly string[] => [
	printed,
	fullWidth(printed),
	printed.toLowerCase(),
	fullWidth(printed.toLowerCase()),
	...["（）", "〔〕", "【】", "[]", "［］", "﹝﹞", "()"].map((pair) =>
		printed.replace(/[(（〔【[［]/g, pair[0] ?? "").replace(/[)）〕】\]］]/g, pair[1] ?? ""),
	),
	[...printed].join(" "),
	[...printed].join("\u3000"),
	`\ufeff${[...printed].join("\u200b")}\u00a0`,
]

describe("numbers as they are really printed", () => {
	test.each(numbers)("$kind $printed", ({ kind, printed, normal }) => {
		expect(normalForm(printed)).toBe(normal)
		for (const each of spellings(printed)) expect(normalForm(each), each).toBe(normal)
		expect(identifier(kind, printed)).toEqual({ kind, value: normal, issuer: null })
	})

	test.each(numbers)("$kind $printed is read in refs, and kept as printed", ({ kind, printed, normal }) => {
		const refs = [{ kind, value: printed }]
		const read = decodeWire(example("land.handed-over", { subject: undefined }, { refs }))
		expect(Result.isSuccess(read) && read.success.mentions).toEqual([{ kind, value: normal, issuer: null, defines: false, entry: null }])
		expect(Result.isSuccess(read) && read.success.data.refs).toEqual(refs)
	})

	test("a number blackened by its office is a number like any other", () => {
		expect(normalForm("黔 (2019) 白云区 不动产权第xxx号")).toBe(`黔(2019)白云区不动产权第${"X".repeat(3)}号`)
	})

	test("numbers that differ stay different", () => {
		const different = new Map(numbers.map(({ normal, printed }) => [normal, printed]))
		expect(different.size).toBe(numbers.length)
	})

	test("zeros in front, 第 and 号 are never added or taken away: offices number with and without them", () => {
		for (const [a, b] of [
			["万房预字(022)号", "万房预字(22)号"],
			["信售许字（2021）60", "信售许字（2021）60号"],
			["苏(2019)海门市不动产权0299号", "苏(2019)海门市不动产权第0299号"],
		] as const)
			expect(normalForm(a)).not.toBe(normalForm(b))
	})

	test("the normal form of a normal form is itself, for any text", () => {
		fc.assert(
			fc.property(fc.oneof(fc.string({ unit: "binary" }), fc.string({ unit: "grapheme" })), (text) => {
				expect(normalForm(normalForm(text))).toBe(normalForm(text))
			}),
			{ numRuns: 3000 },
		)
	})

	test("characters that come apart or together on the way meet all the same", () => {
		expect(normalForm("ΐ")).toBe(normalForm(normalForm("ΐ")))
		expect(normalForm("a¨")).toBe(normalForm(normalForm("a¨")))
	})
})

describe("identifiers made of two parts", () => {
	test("an account number's issuer is its company, in every width of the colon", () => {
		expect(accountNumber("丹河水务有限公司", "0180003001")).toEqual({ kind: "account-no", value: "丹河水务有限公司:0180003001", issuer: "丹河水务有限公司" })
		expect(identifier("account-no", "丹河水务有限公司：0180003001", "别人")).toEqual(accountNumber("丹河水务有限公司", "0180003001"))
	})

	test("a building's label stands within its project or permit", () => {
		expect(buildingLabel("2301-410811-04-01-100018", "3＃楼").value).toBe("2301-410811-04-01-100018#3#楼")
		expect(buildingLabel("建字第4108112023GG0000018号", "3 # 楼")).toEqual(buildingLabel("建字第4108112023GG0000018号", "3#楼"))
	})
})

const FIELDS = {
	date: ["sales.handed-over", "handedOverOn"],
	moment: ["judicial.seized", "servedAt"],
	area: ["planning.verified", "floorAreaM2"],
	amount: ["sales.paid-in-full", "amountCny"],
} as const

describe("dates, areas and amounts as printed are the importer's work: only the contract's own form is read", () => {
	const values = table("real-values.tsv").map(([field = "", printed = "", code = ""]) => ({ field: field as keyof typeof FIELDS, printed, code }))

	test.each(values)("$field 「$printed」 $code", ({ field, printed, code }) => {
		const [type, name] = FIELDS[field]
		const read = decodeWire(example(type, {}, { [name]: printed }))
		expect(Result.isFailure(read) ? read.failure.map((each) => `${each.code} ${each.pointer}`) : []).toEqual(code === "" ? [] : [`${code} /data/${name}`])
	})
})

test("one amount written with no, one or two places, or zeros in front, is one amount", () => {
	const amounts = ["842295", "842295.0", "842295.00", "0842295"].map((amountCny) => decodeWire(example("sales.paid-in-full", {}, { amountCny })))
	for (const each of amounts) expect(Result.isSuccess(each) && each.success.data).toMatchObject({ amountCny: "842295.00" })
	const differences = ["-0", "-0.00", "0.0"].map((differenceM2) => decodeWire(example("sales.area-settled", {}, { differenceM2 })))
	for (const each of differences) expect(Result.isSuccess(each) && each.success.data).toMatchObject({ differenceM2: "0.00" })
})
