import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import fc from "fast-check"
import { strToU8, zipSync } from "fflate"
import { afterAll, describe, expect, test } from "vitest"
import { type Profile, type Refused, readings, readProfile, reportOf, SheetUnreadable, tablesOf } from "../src/index.ts"
import { type Sheet, type Written, writeBook } from "./book.ts"

const folder = mkdtempSync(join(tmpdir(), "yima-sheets-"))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
let files = 0
const file = (content: string | Uint8Array): string => {
	const path = join(folder, String(files++))
	writeFileSync(path, content)
	return path
}
const book = (...sheets: readonly Sheet[]): string => {
	const path = join(folder, String(files++))
	writeBook(path, sheets)
	return path
}

const PROFILE: Profile = readProfile(
	"tax",
	`
title: 试
department: 试
source: urn:jz:tax
key: [号]
columns:
  号: { headings: [税票号码], as: text, required: true }
  合同: { headings: [合同编号], as: text }
  金额: { headings: [实缴金额], as: money, required: true }
  日期: { headings: [开票日期], as: date, required: true }
events:
  - { type: tax.deed-tax-paid, time: 日期, data: { receiptNo: 号, contractNo: 合同, amountCny: 金额 } }
examples: []
`,
)

/** Every row of a file: what it says, or what is wrong with it. */
const read = async (path: string, profile = PROFILE) => {
	const [rows, refused, skipped]: [string[], Refused[], string[]] = [[], [], []]
	let idle = 0
	for await (const table of tablesOf(path, profile, (sheet) => skipped.push(sheet))) {
		for await (const { rows: of, drafts, problems } of readings(profile, table)) {
			for (const { data, time } of drafts) rows.push(`${Object.values(data as object).join(" ")} ${time.slice(0, 10)}`)
			if (problems.length > 0) refused.push(...of.map(({ place, printed }) => ({ place, printed, problems })))
		}
		idle += table.skipped()
	}
	return { rows, refused, skipped, idle }
}
const wrong = ({ refused }: Awaited<ReturnType<typeof read>>): readonly string[] =>
	refused.map(({ place, problems }) => `${place} ${problems.map(({ code, column, value }) => `${code} ${column} ${value}`.trim()).join(";")}`)

const HEAD = ["税票号码", "合同编号", "实缴金额", "开票日期"]
const ROW = ["334166200100000006", "HT1", "8479.82", "2023-06-02"]
const SAYS = "334166200100000006 HT1 8479.82 2023-06-02"
const csv = (...rows: readonly (readonly string[])[]): string => rows.map((row) => row.join(",")).join("\n")

describe("a CSV file", () => {
	test.each([
		["UTF-8", csv(HEAD, ROW)],
		["UTF-8 with its mark", `\ufeff${csv(HEAD, ROW)}`],
		["of Windows, with tabs", [HEAD, ROW].map((row) => row.join("\t")).join("\r\n")],
		["UTF-16 of Excel", Buffer.from(`\ufeff${[HEAD, ROW].map((row) => row.join("\t")).join("\r\n")}`, "utf16le")],
		[
			"GB18030",
			Buffer.from(
				"cbb0c6b1bac5c2eb2cbacfcdacb1e0bac52ccab5bdc9bdf0b6ee2cbfaac6b1c8d5c6da0a3333343136363230303130303030303030362c4854312c383437392e38322c323032332d30362d30320a",
				"hex",
			),
		],
		[
			"with a title, headings of two lines with blanks in them, numbers of columns, sums",
			csv(
				["契税完税清单", "", "", ""],
				["税 票 号 码：", "合同编号", "金额", "开 票 日 期"],
				["", "", "实缴金额（元）", ""],
				["(1)", "(2)", "(3)", "(4)"],
				ROW,
				["合　计", "1 户", "8479.82", ""],
			),
		],
		["that repeats its headings on each page", csv(HEAD, ROW, [], HEAD)],
	])("%s", async (_, content) => {
		const { rows, refused } = await read(file(content))
		expect([rows, refused]).toEqual([[SAYS], []])
	})

	test("whose comma was not quoted says so, instead of moving the columns", async () => {
		expect(wrong(await read(file(`${csv(HEAD)}\n334166200100000006,HT1,8,479.82,2023-06-02`)))).toEqual(["2 columns;date 开票日期 479.82"])
	})

	test("with a few wrong bytes loses only these rows", async () => {
		const content = Buffer.concat([
			Buffer.from(`${csv(HEAD, ROW)}\n334166200100000007,HT`),
			Buffer.from([0xff]),
			Buffer.from(`,1,2023-06-02\n${"x,H,1,2023-06-02\n".repeat(30)}`),
		])
		expect(wrong(await read(file(content)))).toContain("3 encoding 合同编号 HT\ufffd")
	})

	test("whose quotes do not close tells where, after the rows before", async () => {
		await expect(read(file(`${csv(HEAD, ROW)}\n334166200100000007,"HT${"x\n".repeat(600_000)}`))).rejects.toThrow("第 3 行起不是有效的 CSV")
	})

	test.each([
		["nothing", "", "文件是空的"],
		["bytes that are no text", Buffer.from([1, 0, 2, 0, 3, 0]), "不是文本文件"],
		["another table", csv(["姓名", "电话"], ["甲", "1"]), "找不到表头"],
		["a table without a column that is needed", csv(HEAD.slice(0, 3), ROW.slice(0, 3)), "缺少列:「开票日期」"],
		["an XLS of old", Buffer.from("d0cf11e0a1b11ae1", "hex"), "旧的 XLS"],
	])("%s is refused as a whole", async (_, content, says) => {
		await expect(read(file(content))).rejects.toThrow(says)
	})
})

describe("an XLSX file", () => {
	test("with dates of either kind, numbers, shared texts", async () => {
		const path = book({
			rows: [
				HEAD,
				["334166200100000006", "HT1", 8479.82, { xml: `<c s="1"><v>45079</v></c>` }],
				["B", "HT1", 0.1 + 0.2, { xml: `<c s="2"><v>45079</v></c>` }],
				["C", "HT1", 1, 45079],
			],
		})
		expect((await read(path)).rows).toEqual([SAYS, "B HT1 0.30 2023-06-02", "C HT1 1.00 2023-06-02"])
	})

	test("counts days from 1904 where it says so", async () => {
		const path = join(folder, "1904")
		writeBook(path, [{ rows: [HEAD, ["A", "HT1", 1, { xml: `<c s="1"><v>43617</v></c>` }]] }], { is1904: true })
		expect((await read(path)).rows).toEqual(["A HT1 1.00 2023-06-02"])
	})

	test("an 18-digit number that was stored as one has lost its end, and is not taken", async () => {
		expect(wrong(await read(book({ rows: [HEAD, [Number("334166200100000006"), "HT1", 1, "2023-06-02"]] })))).toEqual([
			"表1!2 precision 税票号码 334166200100000000",
		])
	})

	test("a merged cell counts for every row that it covers; one across is a title", async () => {
		const path = book({
			rows: [["清单", null, null, null], HEAD, ["A", "HT1", "1", "2023-06-02"], ["B", null, "2", null]],
			merged: ["A1:D1", "B3:B4", "D3:D4"],
		})
		expect((await read(path)).rows).toEqual(["A HT1 1.00 2023-06-02", "B HT1 2.00 2023-06-02"])
	})

	test("headings of two merged lines are one table", async () => {
		const path = book({ rows: [["税票号码", "合同编号", "税款", null], [null, null, "实缴金额", "开票日期"], ROW], merged: ["A1:A2", "B1:B2", "C1:D1"] })
		expect((await read(path)).rows).toEqual([SAYS])
	})

	test("a formula counts by the value that was kept; without one, or with an error, it is told", async () => {
		const path = book({
			rows: [
				HEAD,
				["A", "HT1", { xml: "<c><f>1+1</f><v>2</v></c>" }, "2023-06-02"],
				["B", "HT1", { xml: "<c><f>1+1</f></c>" }, "2023-06-02"],
				["C", "HT1", { xml: `<c t="e"><v>#REF!</v></c>` }, "2023-06-02"],
			],
		})
		const found = await read(path)
		expect(found.rows).toEqual(["A HT1 2.00 2023-06-02"])
		expect(wrong(found)).toEqual(["表1!3 broken 实缴金额 (公式没有值)", "表1!4 broken 实缴金额 #REF!"])
	})

	test("hidden rows are told, hidden sheets not read, sheets without the headings named", async () => {
		const path = book(
			{ rows: [HEAD, ROW, ["B", "HT1", "1", "2023-06-02"]], hidden: [3] },
			{ name: "说明", rows: [["填表说明"]] },
			{ name: "旧", rows: [HEAD, ["C", "HT1", "1", "2023-06-02"]], isHidden: true },
			{ name: "二月", rows: [HEAD, ["D", "HT1", "1", "2023-06-02"]] },
		)
		const found = await read(path)
		expect(found.rows).toEqual([SAYS, "D HT1 1.00 2023-06-02"])
		expect([wrong(found), found.skipped]).toEqual([["表1!3 hidden"], ["说明"]])
	})

	test.each([
		["a bomb", () => zipSync({ "xl/workbook.xml": strToU8(`<workbook>${" ".repeat(60_000_000)}</workbook>`) }), "不像是表格"],
		["a zip of something else", () => zipSync({ "a.txt": strToU8("x") }), "不是 XLSX 文件"],
		["one that is cut off", () => readFileSync(book({ rows: [HEAD, ROW] })).subarray(0, 600), "XLSX"],
		["broken XML", () => zipSync({ "xl/workbook.xml": strToU8("<workbook><sheets>") }), "已损坏"],
		[
			"entities that grow",
			() => zipSync({ "xl/workbook.xml": strToU8(`<!DOCTYPE w [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><workbook>&b;</workbook>`) }),
			"已损坏",
		],
	])("%s is refused as a whole", async (_, content, says) => {
		await expect(read(file(content()))).rejects.toThrow(says)
	})
})

test("a key that comes twice: the same row once, another row is told", async () => {
	const found = await read(file(csv(HEAD, ROW, ROW, ["334166200100000006", "HT2", "1", "2023-06-02"])))
	expect([found.rows, wrong(found)]).toEqual([[SAYS], ["4 key-repeated 号 334166200100000006"]])
})

test("a report runs nothing in a spreadsheet, and once repaired it goes in again", async () => {
	const found = await read(file(csv(HEAD, ["\"=cmd|' /C calc'!A0\"", "-1", "1", "五月"], ["@x", '"a,""b"""', "1", "2023-06-02 "])))
	expect(found.rows).toEqual(['@x a,"b" 1.00 2023-06-02'])
	const report = reportOf(found.refused)
	expect(report).toContain(`'=cmd|' /C calc'!A0`)
	expect(report).toContain("不是日期")
	expect((await read(file(report.replace(",五月", ",2023-05-01")))).rows).toEqual(["=cmd|' /C calc'!A0 -1 1.00 2023-05-01"])
})

test("whatever stands in a sheet, each row goes in, or is told with its place and a reason; nothing crashes", async () => {
	const cell: fc.Arbitrary<Written> = fc.oneof(
		fc.constantFrom<Written>(null, "合计", "2023年5月31日", "1,234.56万元", "334166200100000006", "税票号码", "=1+1", "-", "　", "2023-02-30", "\ufffd"),
		fc.string({ unit: "grapheme", maxLength: 30 }),
		fc.double({ noNaN: true, noDefaultInfinity: true }),
		fc.constantFrom<Written>(
			{ xml: `<c t="e"><v>#N/A</v></c>` },
			{ xml: "<c><f>A1</f></c>" },
			{ xml: `<c s="1"><v>99999999</v></c>` },
			{ xml: `<c t="s"><v>7</v></c>` },
			{ xml: `<c t="b"><v>1</v></c>` },
		),
	)
	const rows = fc.array(fc.array(cell, { maxLength: 6 }), { maxLength: 12 })
	await fc.assert(
		fc.asyncProperty(rows, fc.boolean(), async (some, isBook) => {
			const path = isBook
				? book({ rows: [HEAD, ...some], merged: ["B2:B3"] })
				: file(csv(HEAD, ...some.map((row) => row.map((each) => (each === null || typeof each === "object" ? "" : String(each))))))
			const found = await read(path).catch((error: unknown) => {
				if (error instanceof SheetUnreadable) return null
				throw error
			})
			if (found === null) return
			for (const { place, problems } of found.refused) {
				expect(place).toMatch(/\d+$/)
				for (const { message } of problems) expect(message).not.toBe("")
			}
			if (isBook) {
				const filled = some.filter((row) => row.some((each) => each !== null && !(typeof each === "string" && each.trim() === ""))).length
				expect(found.rows.length + found.refused.length + found.idle).toBeLessThanOrEqual(filled + 1)
			}
		}),
		{ numRuns: 300 },
	)
})
