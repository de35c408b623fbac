import type { Json } from "@yima/test-kit"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { heard } from "../src/heard.ts"
import { startTown, story, type Town } from "../src/town.ts"

const BUILDING = "410811001002GB00018F0003"
const [SEIZED, FLAT, SECOND] = ["0044", "0045", "0046"].map((tail) => `${BUILDING}${tail}`) as [string, string, string]
const PROJECT = "2101-410811-04-01-000018"
const TWICE = "410811002001GB00001F00010001"

let town: Town
beforeAll(async () => {
	town = await startTown()
	await town.submit([...story("building"), ...story("double-sale"), ...story("stuck-mortgage")])
}, 120_000)
afterAll(() => town?.stop())

const ask = async (query: string, variables: object = {}) => {
	const { data, errors } = await town.ask(query, variables)
	expect(errors).toBeUndefined()
	return data
}

const SUMS = `fragment Sums on ReadinessRollUp { units sold ready byStage { stage units } blocking { condition finding title responsible units } expectedReadyOn }`
const ROW = `fragment Row on LedgerRow { buildingCount unitCount soldCount readyCount certifiedCount dates { act plannedOn actualOn } blocking { condition finding units } }`

describe("what is kept of judgements", () => {
	test("adds up to what each unit says of itself: now, by what is kept, and as of now, judged anew", async () => {
		const now = new Date(town.clock.now / 1000).toISOString()
		for (const project of [PROJECT, "2301-410811-04-01-900001", "2301-410811-04-01-900002"]) {
			const query = `${SUMS} ${ROW} query($asOf: DateTime) { project(code: "${project}", asOf: $asOf) { readiness { ...Sums } ledger { ...Row } } }`
			expect(await ask(query), project).toEqual(await ask(query, { asOf: now }))
		}
		const building = `${SUMS} query($asOf: DateTime) { building(code: "${BUILDING}", asOf: $asOf) { readiness { ...Sums } } }`
		expect(await ask(building)).toEqual(await ask(building, { asOf: now }))
	})

	test("lists units by readiness, by what keeps them from it and by findings, page by page", async () => {
		const units = async (filter: object) => {
			const { units } = await ask(`query($filter: UnitFilter!) { units(filter: $filter) { totalCount edges { node { code stage } } } }`, { filter })
			expect(units.totalCount).toBe(units.edges.length)
			return units.edges.map((each: { node: { code: string } }) => each.node.code)
		}
		expect(await units({ ready: true })).toEqual([FLAT])
		expect(await units({ project: PROJECT, unmet: ["U8"] })).toEqual([SEIZED])
		expect(await units({ building: BUILDING, unmet: ["U3"], ready: false })).toEqual([SEIZED, SECOND])
		expect(await units({ finding: ["C05"] })).toEqual([TWICE])
		expect(await units({ ready: true, parcel: "410811002001GB00001" })).toEqual([])
		const page = `query($after: String) { units(filter: { project: "${PROJECT}", unmet: ["U3"] }, first: 1, after: $after) { pageInfo { hasNextPage endCursor } edges { node { code } } } }`
		const { units: first } = await ask(page)
		expect(first).toMatchObject({ pageInfo: { hasNextPage: true }, edges: [{ node: { code: SEIZED } }] })
		expect((await ask(page, { after: first.pageInfo.endCursor })).units).toMatchObject({
			pageInfo: { hasNextPage: false },
			edges: [{ node: { code: SECOND } }],
		})
	})

	test("lists findings where they stand, with the events that they rest on", async () => {
		const findings = `query($filter: FindingFilter, $first: Int, $after: String) { findings(filter: $filter, first: $first, after: $after) { totalCount pageInfo { hasNextPage endCursor }
			edges { node { code title severity scope subject explanation responsible basis evidence { id type } raisedAt clearedAt } } } }`
		const { findings: twice } = await ask(findings, { filter: { code: ["C05"] } })
		expect(twice).toMatchObject({
			totalCount: 1,
			edges: [
				{
					node: {
						code: "C05",
						severity: "BLOCK",
						scope: "UNIT",
						subject: TWICE,
						evidence: expect.arrayContaining([expect.objectContaining({ id: "double-sale-07" })]),
						clearedAt: null,
					},
				},
			],
		})
		expect(JSON.stringify(twice)).not.toMatch(/赵一|钱二/)
		for (const [filter, count] of [
			[{ unit: TWICE, code: ["C05"] }, 1],
			[{ project: "2301-410811-04-01-900001", code: ["C05"] }, 1],
			[{ project: PROJECT, code: ["C05"] }, 0],
			[{ code: ["C05"], severity: ["NOTE"] }, 0],
			[{ code: ["C05"], responsible: "谁也不是" }, 0],
		] as const)
			expect((await ask(findings, { filter })).findings.totalCount, JSON.stringify(filter)).toBe(count)
		const all: string[] = []
		for (let after: string | null = null, more = true; more; ) {
			const { findings: page } = (await ask(findings, { first: 2, after })) as {
				findings: { pageInfo: { hasNextPage: boolean; endCursor: string }; edges: { node: { subject: string; code: string } }[] }
			}
			all.push(...page.edges.map(({ node }) => `${node.subject} ${node.code}`))
			after = page.pageInfo.endCursor
			more = page.pageInfo.hasNextPage
		}
		expect(all).toEqual([...all].sort())
		expect(all).toHaveLength((await ask(findings)).findings.totalCount)
	})

	test("lists time limits, those that are late apart", async () => {
		const deadlines = `query($filter: DeadlineFilter) { deadlines(filter: $filter) { totalCount edges { node { id title scope subject responsible basis startedAt dueAt pausedSince metAt overdue } } } }`
		const { deadlines: late } = await ask(deadlines, { filter: { overdue: true, id: ["D06"] } })
		for (const { node } of late.edges) expect(node).toMatchObject({ id: "D06", overdue: true, metAt: null })
		const { deadlines: met } = await ask(deadlines, { filter: { open: false, unit: FLAT } })
		expect(met.edges).toContainEqual({ node: expect.objectContaining({ id: "D05", subject: FLAT, metAt: "2022-01-08T07:20:00.000000Z" }) })
		const { unit } = await ask(`{ unit(code: "${FLAT}") { deadlines(open: null) { id subject } } }`)
		const { deadlines: both } = await ask(deadlines, { filter: { open: null, unit: FLAT } })
		const own = unit.deadlines.filter(({ subject }: { subject: string }) => subject === FLAT)
		expect(both.totalCount).toBe(own.length)
		expect((await ask(deadlines, { filter: { open: null, dueBefore: "2000-01-01T00:00:00Z" } })).deadlines.totalCount).toBe(0)
	})
})

const at = (id: string, type: string, time: string, subject: string | null, data: object): Json => ({
	specversion: "1.0",
	id,
	source: "urn:jz:housing",
	type: `yima.${type}.v1`,
	time,
	...(subject === null ? {} : { subject }),
	data,
})

interface Changed {
	readonly cursor: string
	readonly subject: string
	readonly conditions: readonly { readonly path: string; readonly before: string; readonly after: string }[]
}

describe("a listener to a project's readiness", () => {
	const CHANGED = `subscription($after: String) { readinessChanged(project: "${PROJECT}", after: $after) { cursor scope subject units before after conditions { path title before after causedBy { id } } causedBy { id type } at } }`

	test("hears of each scope whose conditions changed, once, and goes on from its cursor", async () => {
		const byId = (id: string) => story("building").find((each) => each["id"] === id) as { readonly data: Readonly<Record<string, unknown>> } & Json
		const [receipt, contract] = [byId("F-0037"), byId("H-0016")]
		const data = { ...receipt.data, receiptNo: "WX20239046", contractNo: "HT2022000046", payers: contract.data["buyers"] }
		const fund = { ...receipt, id: "F-9046", data }
		const told = await heard<Changed>(town, CHANGED, {}, { count: 1, patience: 6000, meanwhile: () => town.submit([fund]) })
		expect(told).toHaveLength(1)
		expect(told[0]).toMatchObject({
			scope: "UNIT",
			subject: SECOND,
			units: 1,
			conditions: [{ path: "conditions/U4", before: "UNMET", after: "MET", causedBy: [{ id: "F-9046" }] }],
		})
		const held = at("H-9001", "project.hold-placed", "2024-01-01T09:00:00+08:00", null, { projectCode: PROJECT, holdNo: "遗-1", kind: "other" })
		const more = await heard<Changed>(town, CHANGED, { after: told[0]?.cursor }, { count: 2, patience: 6000, meanwhile: () => town.submit([held]) })
		expect(more).toHaveLength(2)
		expect(more).toEqual(
			expect.arrayContaining([
				expect.objectContaining({ scope: "PROJECT", conditions: [expect.objectContaining({ path: "conditions/P9", before: "MET", after: "UNMET" })] }),
				expect.objectContaining({ scope: "UNIT", subject: FLAT, units: 1, before: true, after: false, conditions: [] }),
			]),
		)
		const again = await heard<Changed>(town, CHANGED, { after: more[0]?.cursor }, { count: 1 })
		expect(again).toEqual([more[1]])
	}, 30_000)
})

describe("a finding", () => {
	test("that ended stays told, with the day on which it ended", async () => {
		const query = `query($open: Boolean) { unit(code: "${TWICE}") { findings(open: $open) { code severity raisedAt clearedAt scope subject } } }`
		const codes = async (open: boolean | null) => (await ask(query, { open })).unit.findings as readonly { code: string; clearedAt: string | null }[]
		expect((await codes(true)).map(({ code }) => code)).toContain("C05")
		expect((await codes(false)).map(({ code }) => code)).not.toContain("C05")
		await town.submit([at("H-9100", "sales.contract-cancelled", "2022-04-01T09:00:00+08:00", null, { contractNo: "HT2022000100012", reason: "查明后撤销" })])
		expect((await codes(true)).map(({ code }) => code)).not.toContain("C05")
		expect(await codes(false)).toContainEqual(
			expect.objectContaining({ code: "C05", severity: "BLOCK", clearedAt: "2022-04-01T01:00:00.000000Z", subject: TWICE }),
		)
		expect(await codes(null)).toHaveLength((await codes(true)).length + (await codes(false)).length)
		const { findings } = await ask(`query($filter: FindingFilter) { findings(filter: $filter) { edges { node { code subject clearedAt } } } }`, {
			filter: { open: false, code: ["C05"] },
		})
		expect(findings.edges).toMatchObject([{ node: { code: "C05", subject: TWICE, clearedAt: expect.any(String) } }])
	})

	test("is a contradiction and ends with its facts, or a breach and is settled by a registrar", async () => {
		const settle = `mutation($scope: String!, $code: String!) { settleFinding(scope: $scope, code: $code, reason: "已处罚并整改") { status source } }`
		expect((await town.ask(settle, { scope: TWICE, code: "C05" })).errors?.[0]?.extensions["code"]).toBe("BAD_INPUT")
		const [scope, code] = ["410811001002GB00018F00030043", "C41"]
		await town.submit([
			{
				specversion: "1.0",
				id: "filed-late",
				source: "urn:jz:housing",
				type: "yima.sales.contract-filed.v1",
				subject: scope,
				time: "2023-04-01T10:00:00+08:00",
				data: {
					contractNo: "HT-late",
					kind: "presale",
					seller: { name: "焦作市示范置业有限公司", idKind: "uscc", idNumber: "91410800MA3X00001A" },
					buyers: [{ name: "甲某", idKind: "passport", idNumber: "P1234567" }],
					signedOn: "2023-01-01",
					areaM2: "100.00",
					totalPriceCny: "800000.00",
				},
			},
		])
		await town.work()
		expect((await ask(settle, { scope, code })).settleFinding).toEqual({ status: "ACCEPTED", source: "urn:yima:desk" })
		const { findings: after } = await ask(`query($filter: FindingFilter) { findings(filter: $filter, first: 200) { edges { node { subject } } } }`, {
			filter: { code: [code] },
		})
		expect(after.edges.map((each: { node: { subject: string } }) => each.node.subject)).not.toContain(scope)
		expect((await town.ask(settle, { scope, code })).errors?.[0]?.message).toMatch("没有未消除的")
	})
})

test("a time limit in a year whose holidays nobody knows says so, where it stands and in the list, until a rule set names them", async () => {
	const building = "410811001001GB00001F0001"
	const note = async () => {
		const { building: seen, deadlines } = await ask(
			`query($code: String!) { building(code: $code) { deadlines(open: null) { id note } } deadlines(filter: { building: $code, open: null }) { edges { node { id note } } } }`,
			{ code: building },
		)
		expect(deadlines.edges.map((each: { node: object }) => each.node)).toEqual(expect.arrayContaining(seen.deadlines))
		return Object.fromEntries(seen.deadlines.map(({ id, note }: { id: string; note: string | null }) => [id, note]))
	}
	await town.submit([
		at("passed-2003", "construction.acceptance-passed", "2003-06-02T10:00:00+08:00", building, { opinionNo: "YS2003" }),
		at("filed-2003", "construction.completion-filed", "2003-06-03T10:00:00+08:00", building, { filingNo: "BA2003" }),
	])
	expect(await note()).toEqual({ D02: null, D03: "2003 年的放假调休安排未知,按周一至周五为工作日计;公布后会变" })
	await town.submit([
		at("named-2003", "registrar.ruleset-adopted", "2026-05-01T10:00:00+08:00", null, {
			ruleSet: { name: "named", version: "1", contentHash: "0" },
			fromOn: "2026-05-01",
			content: { calendar: { holidays: ["2003-01-01"] } },
		}),
	])
	expect(await note()).toEqual({ D02: null, D03: null })
})
