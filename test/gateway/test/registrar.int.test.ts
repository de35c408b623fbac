import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { BUILDING, FLAT, granted, OTHER, PARCEL, PROJECT, project, said, sale, survey, tax } from "../src/story.ts"
import { startTown, type Town } from "../src/town.ts"

let town: Town
beforeAll(async () => {
	town = await startTown({ open: async (values) => values.map(() => null) })
	await town.submit([granted(), project(), survey(), sale("HT1"), tax("HT1")])
}, 120_000)
afterAll(() => town?.stop())

describe("an identifier", () => {
	const resolve = `query($kind: String, $value: String!, $asOf: DateTime, $issuer: String) { resolve(kind: $kind, value: $value, issuer: $issuer, asOf: $asOf) {
		state kind scopes { totalCount edges { node { scope code unit { code } } } } definedBy { source id type } } }`

	test("leads to its unit, with or without its kind", async () => {
		for (const kind of ["contract-no", null]) {
			const { data, errors } = await town.ask(resolve, { kind, value: "ht1" })
			expect(errors).toBeUndefined()
			expect(data.resolve).toMatchObject({
				state: "ONE",
				kind: "contract-no",
				scopes: { totalCount: 1, edges: [{ node: { scope: "UNIT", code: FLAT, unit: { code: FLAT } } }] },
				definedBy: [{ source: "jz/410811/sales", type: "yima.sales.contract-filed.v1" }],
			})
		}
	})

	test("leads nowhere before it was given", async () => {
		expect((await town.ask(resolve, { value: "HT1", asOf: "2023-05-01T00:00:00+08:00" })).data.resolve.state).toBe("UNKNOWN")
		expect((await town.ask(resolve, { value: "HT1", issuer: "别处" })).data.resolve.state).toBe("UNKNOWN")
	})

	test("of a project leads to the project", async () => {
		const { data } = await town.ask(resolve, { kind: "project-code", value: PROJECT })
		expect(data.resolve.scopes.edges).toEqual([{ node: { scope: "PROJECT", code: `project:${PROJECT}`, unit: null } }])
	})
})

describe("lists", () => {
	const units = `query($filter: UnitFilter!, $first: Int, $after: String) { units(filter: $filter, first: $first, after: $after) { totalCount pageInfo { hasNextPage endCursor } edges { node { code } } } }`
	const codes = async (filter: object) => {
		const { data, errors } = await town.ask(units, { filter })
		expect(errors).toBeUndefined()
		expect(data.units.edges).toHaveLength(data.units.totalCount)
		return data.units.edges.map((each: { node: { code: string } }) => each.node.code)
	}

	test("units by where they lie, what they are called and how far they are", async () => {
		expect(await codes({ parcel: PARCEL })).toEqual([FLAT, OTHER])
		expect(await codes({ building: BUILDING })).toEqual([FLAT, OTHER])
		expect(await codes({ project: PROJECT })).toEqual([FLAT, OTHER])
		expect(await codes({ identifier: { value: "HT1" } })).toEqual([FLAT])
		expect(await codes({ identifier: { kind: "house-code", value: "FW0102" }, parcel: PARCEL })).toEqual([OTHER])
		expect(await codes({ stage: ["GRANTED"] })).toEqual([FLAT, OTHER])
		expect(await codes({ stage: ["CERTIFIED"], parcel: PARCEL })).toEqual([])
		expect(await codes({ parcel: "410811001001GB00002" })).toEqual([])
	})

	test("units page by page", async () => {
		const { data } = await town.ask(units, { filter: { parcel: PARCEL }, first: 1 })
		expect(data.units).toMatchObject({ totalCount: 2, pageInfo: { hasNextPage: true }, edges: [{ node: { code: FLAT } }] })
		const next = await town.ask(units, { filter: { parcel: PARCEL }, first: 1, after: data.units.pageInfo.endCursor })
		expect(next.data.units).toMatchObject({ pageInfo: { hasNextPage: false }, edges: [{ node: { code: OTHER } }] })
		expect((await town.ask(units, { filter: {}, after: data.units.pageInfo.endCursor })).errors?.[0]?.extensions["code"]).toBe("BAD_INPUT")
	})

	test("a unit whose every event was retracted is in no list", async () => {
		const filed = sale("HT0", `${BUILDING}0888`)
		await town.submit([filed])
		expect(await codes({ building: BUILDING })).toHaveLength(3)
		await town.submit([said("sales.retracted", "2024-01-01", null, { event: { id: filed["id"] }, reason: "报错" })])
		expect(await codes({ building: BUILDING })).toEqual([FLAT, OTHER])
	})

	test("a serial with a letter lies in its building", async () => {
		const letter = `${BUILDING}a001`
		const filed = sale("HTA", letter)
		await town.submit([filed])
		expect(await codes({ building: BUILDING })).toEqual([FLAT, OTHER, letter])
		await town.submit([said("sales.retracted", "2024-01-01", null, { event: { id: filed["id"] }, reason: "报错" })])
	})

	test("projects by name, developer and list", async () => {
		const projects = `query($filter: ProjectFilter) { projects(filter: $filter) { totalCount edges { node { code name parcels { code } units { totalCount } } } } }`
		const found = { totalCount: 1, edges: [{ node: { code: PROJECT, name: "怀川府一期", parcels: [{ code: PARCEL }], units: { totalCount: 2 } } }] }
		for (const filter of [null, { name: "怀川府" }, { developer: "invented0000000001" }, { enlisted: false }])
			expect((await town.ask(projects, { filter })).data.projects).toEqual(found)
		expect((await town.ask(projects, { filter: { enlisted: true } })).data.projects).toEqual({ totalCount: 0, edges: [] })
	})

	test("a parcel shows what stands on it", async () => {
		const { data } = await town.ask(
			`{ parcel(code: "${PARCEL}") { projects { code } buildings { code units { edges { node { code } } } } units { totalCount } timeline { totalCount } } project(code: "${PROJECT}") { buildings { code } developer { name } } }`,
		)
		expect(data.parcel).toMatchObject({ projects: [{ code: PROJECT }], buildings: [{ code: BUILDING }], units: { totalCount: 2 } })
		expect(data.project).toEqual({ buildings: [], developer: { name: "怀川置业有限公司" } })
	})
})

const STATUS = `query($source: String!, $id: String!) { event(source: $source, id: $id) { state position event { id subject inForce } links { subject scope rule through { kind value definedBy { id } } knownFrom knownTo } problems { code } parked { reason } } }`

describe("a receipt that nobody can place", () => {
	const receipt = tax("HT-未知")
	const key = { source: receipt["source"], id: receipt["id"] }

	test("is parked, with what may be meant", async () => {
		await town.submit([receipt])
		const { data, errors } = await town.ask(
			`query($filter: ParkedFilter) { parked(filter: $filter) { totalCount edges { node { reason since event { source id title subject } candidates { code } } } } }`,
			{
				filter: { department: "税务", kind: "contract-no", reason: "UNKNOWN_IDENTIFIER" },
			},
		)
		expect(errors).toBeUndefined()
		expect(data.parked).toMatchObject({ totalCount: 1, edges: [{ node: { event: { ...key, title: "契税完税", subject: null }, candidates: [] } }] })
		for (const filter of [{ department: "法院" }, { kind: "house-code" }, { reason: "DISPUTED" }, { olderThan: "2020-01-01T00:00:00Z" }])
			expect(
				(await town.ask(`query($filter: ParkedFilter) { parked(filter: $filter) { totalCount edges { node { reason } } } }`, { filter })).data.parked,
				JSON.stringify(filter),
			).toEqual({ totalCount: 0, edges: [] })
		expect((await town.ask(STATUS, key)).data.event).toMatchObject({ state: "PARKED", links: [], parked: { reason: "UNKNOWN_IDENTIFIER" } })
	})

	test("is placed by a registrar, by an event of the registry's own desk", async () => {
		const place = `mutation($source: String!, $id: String!, $subjects: [String!]!) { placeEvent(source: $source, id: $id, subjects: $subjects, reason: "核对了原件") { status source position problems { code } } }`
		expect((await town.ask(place, { ...key, subjects: ["4108"] })).errors?.[0]?.extensions["code"]).toBe("BAD_CODE")
		const { data, errors, headers } = await town.ask(place, { ...key, subjects: [OTHER] })
		expect(errors).toBeUndefined()
		expect(data.placeEvent).toMatchObject({ status: "ACCEPTED", source: "urn:yima:desk", problems: [] })
		expect(headers.get("yima-position")).toMatch(/^0-\d+/)
		const status = (await town.ask(STATUS, key, { "yima-at-least": data.placeEvent.position })).data.event
		expect(status).toMatchObject({
			state: "PLACED",
			event: { subject: OTHER, inForce: true },
			links: [{ subject: OTHER, scope: "UNIT", rule: "decision", knownTo: null }],
			parked: null,
		})
		const { unit } = (
			await town.ask(`{ unit(code: "${OTHER}") { taxReceipts { contractNo } timeline(families: ["registrar"]) { edges { node { title } } } } }`)
		).data
		expect(unit.taxReceipts).toHaveLength(1)
		expect(unit.timeline.edges).toEqual([{ node: { title: "人工挂接" } }])
	})

	test("or dismissed", async () => {
		const { data } = await town.ask(
			`mutation($source: String!, $id: String!) { placeEvent(source: $source, id: $id, subjects: [], reason: "与本市无关") { status position } }`,
			key,
		)
		expect(data.placeEvent.status).toBe("ACCEPTED")
		expect((await town.ask(STATUS, key)).data.event).toMatchObject({ state: "DISMISSED" })
	})

	test("one that is placed through a number says through which", async () => {
		const placed = tax("HT1")
		await town.submit([placed])
		const { event } = (await town.ask(STATUS, { source: placed["source"], id: placed["id"] })).data
		expect(event).toMatchObject({
			state: "PLACED",
			links: [
				{ subject: FLAT, rule: "identifiers", through: { kind: "contract-no", value: "HT1", definedBy: { id: expect.stringContaining("contract-filed") } } },
			],
		})
	})

	test("only a building is known: its units are the candidates, with what speaks for them", async () => {
		await town.submit([said("tax.deed-tax-paid", "2023-06-02", null, { receiptNo: "粗", amountCny: "1.00", refs: [{ kind: "survey-no", value: "CH1" }] })])
		const { data, errors } = await town.ask(
			`{ parked(filter: { reason: TOO_COARSE }) { edges { node { candidates { scope code because { id parent statement holds evidence { id } } } } } } }`,
		)
		expect(errors).toBeUndefined()
		const { candidates } = data.parked.edges[0].node
		expect(candidates.map((each: { code: string }) => each.code)).toEqual([FLAT, OTHER])
		expect(candidates[0].because[0]).toMatchObject({ id: 0, parent: null, statement: expect.stringContaining("测绘成果「CH1」"), holds: true })
	})

	test("an event that nobody sent is unknown", async () => {
		expect((await town.ask(STATUS, { source: "jz/nobody", id: "0" })).data.event).toBeNull()
	})
})

describe("what history could not take", () => {
	const rejected = `query($first: Int, $after: String) { rejected(first: $first, after: $after) { totalCount pageInfo { endCursor hasNextPage } edges { node { id source eventId receivedAt problems { code message } original replayed } } } }`

	test("is listed with the reason and its text, the latest first", async () => {
		town.log("不是 JSON")
		town.log(JSON.stringify({ ...sale("HT7", OTHER), data: {} }))
		await town.work()
		const { data, errors } = await town.ask(rejected, { first: 1 })
		expect(errors).toBeUndefined()
		expect(data.rejected).toMatchObject({ totalCount: 2, pageInfo: { hasNextPage: true }, edges: [{ node: { source: "jz/410811/sales", replayed: false } }] })
		const rest = (await town.ask(rejected, { after: data.rejected.pageInfo.endCursor })).data.rejected
		expect(rest.edges).toMatchObject([{ node: { source: null, original: "(不是 JSON,不予显示)", problems: [{ code: "json" }] } }])
	})

	test("is sent again on demand, and marked once it is taken", async () => {
		// What a newer contract takes in: the same text would be read now.
		town.log(JSON.stringify({ ...said("land.handed-over", "2023-01-03", PARCEL, {}), specversion: "0.3" }))
		await town.work()
		const [bad, none] = (await town.ask(rejected)).data.rejected.edges.map((each: { node: { id: string } }) => each.node.id)
		const replay = `mutation($ids: [ID!]!) { replayRejected(ids: $ids) { status problems { code } } }`
		expect((await town.ask(replay, { ids: [bad, none] })).data.replayRejected).toMatchObject([{ status: "REJECTED" }, { status: "REJECTED" }])
		expect((await town.ask(rejected)).data.rejected.edges.every((each: { node: { replayed: boolean } }) => !each.node.replayed)).toBe(true)
		// Somebody wrote to the log without the door: a person stands open there, and is shown masked.
		const { partition, offset } = town.log(JSON.stringify(sale("HT8", OTHER)))
		await town.work()
		const [open] = (await town.ask(rejected, { first: 1 })).data.rejected.edges
		expect(open.node.id).toBe(`${partition}-${offset}`)
		expect(open.node.original).toContain("甲**")
		expect((await town.ask(replay, { ids: [open.node.id] })).data.replayRejected).toMatchObject([{ status: "ACCEPTED" }])
		expect((await town.ask(rejected, { first: 1 })).data.rejected.edges[0].node).toMatchObject({ id: open.node.id, replayed: true })
		expect((await town.ask(`{ resolve(value: "HT8") { state } }`)).data.resolve.state).toBe("ONE")
		expect((await town.ask(replay, { ids: ["0-99999"] })).errors?.[0]?.extensions["code"]).toBe("NOT_FOUND")
		expect((await town.ask(replay, { ids: ["x"] })).errors?.[0]?.extensions["code"]).toBe("BAD_INPUT")
	})

	test("a conflict is told as such, and what stands goes on standing", async () => {
		const first = said("land.handed-over", "2023-01-04", PARCEL, {})
		await town.submit([first, { ...first, time: "2023-01-05T09:00:00+08:00" }])
		const { data } = await town.ask(STATUS, { source: first["source"], id: first["id"] })
		expect(data.event).toMatchObject({ state: "PLACED", problems: [{ code: "conflict" }] })
	})
})

test("events may be submitted in GraphQL; each has its answer", async () => {
	const { data, errors } = await town.ask(
		`mutation($events: [JSON!]!) { submitEvents(events: $events) { status id position problems { code pointer message } } }`,
		{
			events: [sale("HT5", OTHER), { id: "无" }],
		},
	)
	expect(errors).toBeUndefined()
	expect(data.submitEvents).toMatchObject([
		{ status: "ACCEPTED", position: expect.stringMatching(/^\d-\d+$/) },
		{ status: "REJECTED", position: null },
	])
})

describe("between two moments", () => {
	const diff = `query($from: MomentInput!, $to: MomentInput!) { unitDiff(code: "${FLAT}", from: $from, to: $to) { facts { path title before after causedBy { id title } } } }`

	test("what differs, and by which events", async () => {
		const { data, errors } = await town.ask(diff, { from: { asOf: "2023-03-01T00:00:00+08:00" }, to: { asOf: "2023-05-03T00:00:00+08:00" } })
		expect(errors).toBeUndefined()
		const of = (path: string) => data.unitDiff.facts.find((each: { path: string }) => each.path === path)
		expect(of("contracts/HT1/status")).toMatchObject({ before: null, after: "LIVE", causedBy: [{ title: "网签备案" }] })
		expect(of("area/contracted")).toMatchObject({ before: null, after: "100.00" })
		expect(of("area/predicted")).toBeUndefined()
		expect(JSON.stringify(data)).not.toMatch(/sealed|甲某/)
	})

	test("nothing, between a moment and itself; nobody, before all", async () => {
		expect((await town.ask(diff, { from: {}, to: {} })).data.unitDiff.facts).toEqual([])
		const past = { asOf: "2000-01-01T00:00:00Z" }
		expect((await town.ask(diff, { from: past, to: past })).errors?.[0]?.extensions["code"]).toBe("NOT_FOUND")
	})
})
