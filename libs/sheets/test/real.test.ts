import { readFileSync } from "node:fs"
import { join } from "node:path"
import { decodeWire } from "@yima/schemas"
import { Result } from "effect"
import { expect, test } from "vitest"
import { textCell } from "../src/cell.ts"
import { cloudEvent, openTable, type Row, readings, readProfile, SheetUnreadable } from "../src/index.ts"

interface Notice {
	readonly id: string
	readonly kind: string
	readonly document_numbers: readonly string[]
	readonly dates_as_printed: readonly string[]
	readonly parties: readonly string[]
	readonly areas_amounts_as_printed: Readonly<Record<string, unknown>>
	readonly fields_as_named: Readonly<Record<string, unknown>>
	readonly address: string
	readonly unit_codes: readonly string[]
}

const HERE = import.meta.dirname
const notices = readFileSync(join(HERE, "real/notices.jsonl"), "utf8")
	.trim()
	.split("\n")
	.map((line) => JSON.parse(line) as Notice)

/** Which profile reads a kind of notice, and under which headings its number, date and party are printed. */
const READ_BY: Readonly<Record<string, readonly [profile: string, number: string, date: string, party: string, more: Readonly<Record<string, string>>]>> = {
	land_deal_result: ["land-grant", "电子监管号", "合同签订日期", "土地使用权人", { 供地方式: "挂牌出让" }],
	engineering_planning_permit: ["works-permit", "建设工程规划许可证号", "发证日期", "建设单位", {}],
	construction_permit: ["construction-permit", "施工许可证编号", "发证日期", "建设单位", {}],
	presale_permit: ["presale-permit", "预售证号", "签发日期", "开发企业", {}],
	presale_contract_record: ["contract", "Htbh", "Barq", "Cmr", {}],
	deed_tax: ["deed-tax", "dzsphm", "kjrq", "nsrmc", {}],
	property_certificate: ["transfer", "不动产权证号", "登记时间", "权利人", {}],
	mortgage_certificate: ["mortgage", "不动产登记证明号", "登记时间", "抵押人", {}],
}

const sheetOf = async function* (row: Readonly<Record<string, string>>): AsyncGenerator<Row> {
	yield { number: 1, cells: Object.keys(row).map(textCell), isHidden: false }
	yield { number: 2, cells: Object.values(row).map(textCell), isHidden: false }
}

const outcomeOf = async (notice: Notice): Promise<string> => {
	const by = READ_BY[notice.kind]
	if (by === undefined) return "no sheet of a department: no profile"
	const [name, number, date, party, more] = by
	const profile = readProfile(name, readFileSync(join(HERE, `../../../seeds/profiles/${name}.yaml`), "utf8"))
	const texts = Object.entries({ ...notice.fields_as_named, ...notice.areas_amounts_as_printed }).map(([heading, value]) => [heading, String(value)])
	const row = {
		...Object.fromEntries(texts),
		...more,
		[number]: notice.document_numbers[0] ?? "",
		[date]: notice.dates_as_printed[0] ?? "",
		[party]: notice.parties[0] ?? "",
		...(notice.unit_codes[0] === undefined ? {} : { 不动产单元号: notice.unit_codes[0] }),
	}
	try {
		const table = await openTable(null, sheetOf(row), profile)
		const found: string[] = []
		for await (const { key, drafts, problems } of readings(profile, table)) {
			found.push(...problems.map(({ code, column, value, message }) => `refused: ${code} ${column}「${value}」${message}`))
			for (const draft of drafts) {
				const decoded = decodeWire(cloudEvent(profile, draft, `${key}@1`, null))
				found.push(
					Result.isSuccess(decoded)
						? `goes in: ${draft.type} ${JSON.stringify(draft.data)}`
						: `refused: ${decoded.failure.map((each) => `${each.pointer} ${each.message}`).join(";")}`,
				)
			}
		}
		return found.join(" · ")
	} catch (error) {
		if (error instanceof SheetUnreadable) return `refused: ${error.message}`
		throw error
	}
}

test("each public notice, taken as a row of its department's sheet, goes in or is refused for a reason: the list says which", async () => {
	const lines: string[] = []
	for (const notice of notices) lines.push(`${notice.id} ${notice.kind}: ${await outcomeOf(notice)}`)
	expect(lines).toHaveLength(60)
	await expect(`${lines.join("\n")}\n`).toMatchFileSnapshot("real/outcomes.txt")
})
