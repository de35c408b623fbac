import { parseMoment } from "@yima/schemas"
import { hashesAt, incremental } from "@yima/test-kit"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { BUILDING, BUYER, FLAT, granted, OTHER, PARCEL, PROJECT, project, said, sale, survey, tax } from "../src/story.ts"
import { corpus, startTown, type Town } from "../src/town.ts"

const IN_FULL = `fragment Full on Unit {
	code formattedCode scope status address floor room use stage contentHash
	parcel { code areaM2 holders { name } } building { code label units(first: 5) { totalCount totalCountCapped edges { node { code } } } } project { code name developer { name masked } enlisted }
	area { predicted contracted measured } milestones { stage since because { source id type occurredAt } }
	holders { name idNumber share masked } certificate { certificateNo kind registeredOn holders { name } event { id } }
	contracts { contractNo kind status signedOn filedAt seller { name idNumber } buyers { name idNumber masked } totalPriceCny paidInFull clauses invoices { invoiceNo totalCny voided event { id } } events { id title } }
	taxReceipts { receiptNo kind status payers { name } contractNo event { id } } mortgages { proofNo kind active mortgagee { name } fromOn scope event { id } }
	seizures { seizureNo state court fromOn toOn scope } restrictions { proofNo kind active holder { name } } permits { permitNo kind inForce }
	utilityAccounts { service company accountNo status updatedAt } predecessors { unit kind at event { id } } successors { unit kind }
	identifiers { kind value issuer since definedBy { id } }
	timeline(first: 200) { totalCount totalCountCapped pageInfo { hasNextPage endCursor } edges { cursor node {
		id source type family title scope subject occurredAt recordedAt department documents { kind number } data inheritedFrom inForce corrects correctedBy retractedBy cursor } } }
}`

let town: Town
beforeAll(async () => {
	town = await startTown()
	await town.submit([...corpus(), granted(), project(), survey(), sale("HT1"), tax("HT1")])
}, 120_000)
afterAll(() => town?.stop())

describe("one flat", () => {
	test("is answered in full, whatever way its code is written", async () => {
		const { data, errors } = await town.ask(`${IN_FULL} { unit(code: "410811001001 gb00001 F００010101") { ...Full } }`)
		expect(errors).toBeUndefined()
		expect(data.unit).toMatchObject({
			code: FLAT,
			formattedCode: "410811 001001 GB00001 F00010101",
			scope: "UNIT",
			status: "PROVISIONAL",
			stage: "GRANTED",
			parcel: { code: PARCEL, areaM2: "5000.00" },
			building: { code: BUILDING, units: { totalCount: 2, totalCountCapped: false } },
			project: { code: PROJECT, name: "怀川府一期", developer: { name: "怀川置业有限公司", masked: false } },
			area: { predicted: "100.00", contracted: "100.00", measured: null },
			contracts: [
				{
					contractNo: "HT1",
					status: "LIVE",
					buyers: [{ name: "*", idNumber: null, masked: true }],
					seller: { name: "怀川置业有限公司", idNumber: "INVENTED0000000001" },
				},
			],
			taxReceipts: [{ contractNo: "HT1", kind: "DEED_TAX", status: "PAID" }],
		})
		expect(data.unit.identifiers).toContainEqual(expect.objectContaining({ kind: "house-code", value: "FW0101", issuer: "JZ/410811/SURVEY" }))
		const sales = data.unit.timeline.edges.map((each: { node: { family: string } }) => each.node).filter((each: { family: string }) => each.family === "sales")
		expect(sales).toHaveLength(1)
		expect(sales[0]).toMatchObject({ scope: "UNIT", subject: FLAT, inheritedFrom: null, inForce: true, department: "山阳区住房保障(网签备案)" })
		expect(JSON.stringify(data)).not.toMatch(/sealed-|cipher|甲某/)
	})

	test("every unit of the corpus is answered in full", async () => {
		const codes = (await town.ask(`{ units(filter: {}, first: 200) { totalCount edges { node { code } } } }`)).data.units
		expect(codes.edges).toHaveLength(codes.totalCount)
		const { data, errors } = await town.ask(`${IN_FULL} query($codes: [UnitCode!]!) { unitsByCodes(codes: $codes) { ...Full } }`, {
			codes: codes.edges.map((each: { node: { code: string } }) => each.node.code),
		})
		expect(errors).toBeUndefined()
		expect(data.unitsByCodes.filter((each: unknown) => each === null)).toEqual([])
	})

	test("is null where nobody ever named it; a list keeps the order asked", async () => {
		const unknown = `${BUILDING}0999`
		expect((await town.ask(`{ unit(code: "${unknown}") { code } }`)).data).toEqual({ unit: null })
		const { data } = await town.ask(`{ unitsByCodes(codes: ["${OTHER}", "${unknown}", "${FLAT}"]) { code } }`)
		expect(data.unitsByCodes).toEqual([{ code: OTHER }, null, { code: FLAT }])
	})

	test("a whole building and bare land are units too", async () => {
		const { data } = await town.ask(`{ a: unit(code: "${BUILDING}0000") { code scope } b: unit(code: "${PARCEL}W00000000") { code scope } }`)
		expect(data).toEqual({ a: { code: `${BUILDING}0000`, scope: "BUILDING" }, b: { code: `${PARCEL}W00000000`, scope: "PARCEL" } })
	})

	test("the hash is that of the same events in the core", async () => {
		const hashes = hashesAt(incremental({ batches: [town.entries] }))
		const all = [...hashes].filter(([scope]) => scope.length === 28 && !scope.startsWith("project:"))
		expect(all.length).toBeGreaterThan(5)
		const { data } = await town.ask(`query($codes: [UnitCode!]!) { unitsByCodes(codes: $codes) { code contentHash } }`, { codes: all.map(([scope]) => scope) })
		const answered = data.unitsByCodes.filter((each: unknown) => each !== null)
		expect(answered.length).toBeGreaterThan(5)
		for (const { code, contentHash } of answered) expect(contentHash, code).toBe(hashes.get(code))
		const { parcel, building } = (await town.ask(`{ parcel(code: "${PARCEL}") { contentHash } building(code: "${BUILDING}") { contentHash } }`)).data
		expect([parcel.contentHash, building.contentHash]).toEqual([hashes.get(PARCEL as never), hashes.get(BUILDING as never)])
	})
})

describe("statements", () => {
	test("are as many for two hundred flats as for one, and few", async () => {
		const full = async (codes: readonly string[]) => {
			town.statements()
			const { errors } = await town.ask(
				`${IN_FULL.replace(/ units\(first: 5\) \{.*?\} \} \}/, "").replace("timeline(first: 200)", "timeline(first: 50)")} query($codes: [UnitCode!]!) { unitsByCodes(codes: $codes) { ...Full } }`,
				{ codes },
			)
			expect(errors).toBeUndefined()
			return town.statements()
		}
		const one = await full([FLAT])
		const many = await full(Array.from({ length: 200 }, (_, n) => `${BUILDING}${String(n + 1).padStart(4, "0")}`))
		// Where the registry is, concerns, what was asked of companies, bodies; where nobody has looked at the building before, concerns twice: its project's.
		expect(one).toHaveLength(4)
		expect(many).toHaveLength(4)
	})

	test("facts need no body", async () => {
		town.statements()
		await town.ask(`{ unit(code: "${FLAT}") { stage contentHash contracts { status } timeline { totalCount edges { node { id title inForce } } } } }`)
		expect(town.statements().filter((each) => /from event/.test(each))).toEqual([])
	})
})

describe("two times", () => {
	let [before, after] = ["", ""]
	const at = `query($asOf: DateTime, $knownAt: DateTime) { unit(code: "${OTHER}", asOf: $asOf, knownAt: $knownAt) { contracts { contractNo status } timeline { totalCount edges { node { id inForce retractedBy } } } contentHash } }`
	beforeAll(async () => {
		const filed = sale("HT2", OTHER)
		await town.submit([filed])
		before = (await town.ask(`{ unit(code: "${OTHER}") { code } }`)).headers.get("yima-known-at") ?? ""
		await town.submit([said("sales.retracted", "2024-01-01", null, { event: { id: filed["id"] }, reason: "报错" })])
		after = (await town.ask(`{ unit(code: "${OTHER}") { code } }`)).headers.get("yima-known-at") ?? ""
	})

	test("what was known before a retraction still stands then, and not now", async () => {
		const [then, now] = [await town.ask(at, { knownAt: before }), await town.ask(at, { knownAt: after })]
		expect(then.errors ?? now.errors).toBeUndefined()
		expect(then.data.unit.contracts).toEqual([{ contractNo: "HT2", status: "LIVE" }])
		expect(now.data.unit.contracts).toEqual([])
		expect(now.data.unit.timeline.totalCount).toBe(then.data.unit.timeline.totalCount + 1)
		expect(now.data.unit.contentHash).not.toBe(then.data.unit.contentHash)
		expect(then.headers.get("yima-known-at")).toBe(before)
	})

	test("asOf is inclusive and cuts everything", async () => {
		const filedAt = "2023-05-02T09:00:00+08:00"
		const [just, almost] = [await town.ask(at, { asOf: filedAt, knownAt: before }), await town.ask(at, { asOf: "2023-05-02T08:59:59+08:00", knownAt: before })]
		expect(just.data.unit.contracts).toHaveLength(1)
		expect(almost.data.unit.contracts).toHaveLength(0)
	})

	test("an answer once given stays the same", async () => {
		const once = await town.ask(at, { knownAt: before, asOf: "2025-01-01T00:00:00Z" })
		await town.submit([sale("HT3", FLAT)])
		expect((await town.ask(at, { knownAt: before, asOf: "2025-01-01T00:00:00Z" })).data).toEqual(once.data)
	})

	test("a knownAt that the registry has not reached is waited for with a tick", async () => {
		town.clock.now += 60_000_000
		const now = new Date(town.clock.now / 1000 - 1).toISOString()
		const { errors, headers } = await town.ask(at, { knownAt: now })
		expect(errors).toBeUndefined()
		expect(parseMoment(headers.get("yima-known-at") ?? "")).toBe(parseMoment(now))
	})

	test("and refused where nobody works it off in time", async () => {
		town.clock.isWorking = false
		town.clock.now += 60_000_000
		const { errors, data } = await town.ask(at, { knownAt: new Date(town.clock.now / 1000 - 1).toISOString() })
		town.clock.isWorking = true
		await town.work()
		expect(data?.unit ?? null).toBeNull()
		expect(errors?.[0]?.extensions["code"]).toBe("UNAVAILABLE")
	}, 30_000)

	test("one's own write is waited for", async () => {
		town.clock.isWorking = false
		const [result] = await town.submit([sale("HT9", FLAT)])
		setTimeout(() => {
			town.clock.isWorking = true
			void town.work()
		}, 300)
		const { data } = await town.ask(`{ unit(code: "${FLAT}") { contracts { contractNo } } }`, {}, { "yima-at-least": result?.position ?? "" })
		expect(data.unit.contracts).toContainEqual({ contractNo: "HT9" })
	})

	test("every answer says how far the registry had got", async () => {
		const { headers } = await town.ask(`{ unit(code: "${FLAT}") { code } }`)
		expect(headers.get("yima-position")).toMatch(/^0-\d+,1-\d+$/)
		expect((await town.ask(`{ unit(code: "${FLAT}") { code } }`, {}, { "yima-at-least": headers.get("yima-position") ?? "" })).errors).toBeUndefined()
	})
})

describe("pages of a timeline", () => {
	const page = `query($first: Int, $after: String, $families: [String!], $knownAt: DateTime) { unit(code: "${FLAT}", knownAt: $knownAt) { timeline(first: $first, after: $after, families: $families) {
		totalCount pageInfo { hasNextPage endCursor } edges { cursor node { id } } } } }`
	interface Walk {
		readonly edges: readonly { readonly node: { readonly id: string } }[]
		readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string }
	}
	const idsOf = (timeline: Pick<Walk, "edges">) => timeline.edges.map((each) => each.node.id)

	test("are one walk, by the two times of the first page", async () => {
		const whole = (await town.ask(page, { first: 200 })).data.unit.timeline
		const walked: string[] = []
		let after: string | null = null
		for (;;) {
			const { timeline }: { timeline: Walk } = (await town.ask(page, { first: 2, after })).data.unit
			walked.push(...idsOf(timeline))
			after = timeline.pageInfo.endCursor
			if (after === null || !timeline.pageInfo.hasNextPage) break
			// What comes in between is not seen by a walk that has begun.
			await town.submit([said("land.handed-over", "2023-01-02", PARCEL, {})])
		}
		expect(walked).toEqual(idsOf(whole))
		const past = (await town.ask(page, { first: 2, after })).data.unit.timeline
		expect(past).toMatchObject({ edges: [], pageInfo: { hasNextPage: false, endCursor: after } })
	})

	test("an event's own cursor is good as after", async () => {
		const { data } = await town.ask(`{ unit(code: "${FLAT}") { timeline(first: 3) { edges { node { id cursor } } } } }`)
		const [first, ...others] = data.unit.timeline.edges.map((each: { node: unknown }) => each.node)
		const { timeline } = (await town.ask(page, { first: 2, after: first.cursor })).data.unit
		expect(idsOf(timeline)).toEqual(others.map((each: { id: string }) => each.id))
	})

	test("a cursor of another question, or beside other times, is refused", async () => {
		const knownAt = (await town.ask(page, { first: 1 })).headers.get("yima-known-at")
		await town.submit([said("land.handed-over", "2023-01-02", PARCEL, {})])
		const { endCursor } = (await town.ask(page, { first: 1 })).data.unit.timeline.pageInfo
		for (const variables of [
			{ after: endCursor, families: ["sales"] },
			{ after: "nonsense" },
			{ after: Buffer.from('["a",null,[]]').toString("base64url") },
			{ after: endCursor, knownAt },
			{ first: 201 },
			{ first: -1 },
			{ families: ["gossip"] },
		]) {
			const { errors } = await town.ask(page, variables)
			expect(errors?.[0]?.extensions["code"], JSON.stringify(variables)).toBe("BAD_INPUT")
		}
	})
})

describe("a page of units", () => {
	const asked = (nodes: string, first: number) =>
		town.ask(
			`{ units(filter: {}, first: ${first}) { totalCount pageInfo { endCursor } edges { cursor node { ${nodes} } } } } fragment Told on Unit { stage readiness { ready } }`,
		)

	test("is a long one where nothing is asked but what lists keep", async () => {
		for (const nodes of ["code ...Told", "... on Unit { scope formattedCode __typename } ...Told"]) {
			expect((await asked(nodes, 1000)).data.units.edges.length, nodes).toBeGreaterThan(0)
			expect((await asked(nodes, 1001)).errors?.[0]?.message, nodes).toBe("first 应为 0 至 1000")
		}
		for (const nodes of ["code address ...Told", "code readiness { met } ...Told", "... on Unit { parcel { code } } ...Told"]) {
			expect((await asked(nodes, 200)).data.units.edges.length, nodes).toBeGreaterThan(0)
			expect((await asked(nodes, 201)).errors?.[0]?.message, nodes).toBe("first 应为 0 至 200")
		}
	})
})

describe("what is asked wrongly", () => {
	const tampered = (...value: readonly unknown[]): string => Buffer.from(JSON.stringify(value)).toString("base64url")
	test.each([
		["a future knownAt", `{ unit(code: "${FLAT}", knownAt: "2099-01-01T00:00:00Z") { code } }`, "BAD_INPUT"],
		["no moment", `{ unit(code: "${FLAT}", asOf: "yesterday") { code } }`, "BAD_INPUT"],
		["a field that there is not", `{ unit(code: "${FLAT}") { viewer { name } } }`, "BAD_INPUT"],
		["no question", `{ unit(`, "BAD_INPUT"],
		["a look-alike", `{ unit(code: "4108110010018800001F00010101") { code } }`, "BAD_CODE"],
		["a building's code as a unit's", `{ unit(code: "${BUILDING}") { code } }`, "BAD_CODE"],
		["no parcel", `{ parcel(code: "1") { code } }`, "BAD_CODE"],
		["derived events, which are not here yet", `{ unit(code: "${FLAT}") { timeline(derived: true) { totalCount } } }`, "BAD_INPUT"],
		["too many codes", `{ unitsByCodes(codes: [${Array.from({ length: 201 }, () => `"${FLAT}"`).join()}]) { code } }`, "TOO_COMPLEX"],
		[
			"pages in pages in pages",
			`{ units(filter: {}, first: 200) { edges { node { parcel { units(first: 200) { edges { node { timeline(first: 200) { edges { node { id } } } } } } } } } } }`,
			"TOO_COMPLEX",
		],
		["an id that no row can hold", `{ event(source: "urn:jz:tax", id: "\\u0000") { state } }`, "BAD_INPUT"],
		["a cursor that was tampered with", `{ rejected(after: "${tampered("rejected", null, [1, 0, "x"])}") { totalCount } }`, "BAD_INPUT"],
		["a cursor beyond every number", `{ rejected(after: "${tampered("rejected", null, ["x", 1e15, "1"])}") { totalCount } }`, "BAD_INPUT"],
		["a cursor of no list", `{ rejected(after: "${tampered(["rejected"])}") { totalCount } }`, "BAD_INPUT"],
		["a kind that there is not", `{ resolve(kind: "passport-no", value: "1") { state } }`, "BAD_INPUT"],
	])("%s is refused with a reason", async (_, query, code) => {
		const { errors } = await town.ask(query)
		expect(errors?.[0]?.extensions).toMatchObject({ code })
		expect(JSON.stringify(errors)).not.toMatch(/stack|select |at Object|node_modules/)
	})

	test("a malformed position is refused", async () => {
		const { errors } = await town.ask(`{ unit(code: "${FLAT}") { code } }`, {}, { "yima-at-least": "0-x" })
		expect(errors?.[0]?.extensions["code"]).toBe("BAD_INPUT")
	})

	test("a position that is not reached in time is unavailable", async () => {
		const { errors } = await town.ask(`{ unit(code: "${FLAT}") { code } }`, {}, { "yima-at-least": "0-999999" })
		expect(errors?.[0]?.extensions["code"]).toBe("UNAVAILABLE")
	}, 30_000)

	test("a code says what is wrong with it", async () => {
		const { errors } = await town.ask(`{ unit(code: "440113013008G800003F00230055") { code } }`)
		expect(errors?.[0]?.message).toContain("第 14 位")
		expect(errors?.[0]?.extensions["suggestions"]).toEqual(["440113013008GB00003F00230055"])
	})
})

test("names that can be opened are shown masked", async () => {
	const opened = await startTown({ open: async (values) => values.map(({ kind }) => (kind === "name" ? BUYER.name : BUYER.idNumber)) })
	try {
		await opened.submit([survey(), sale("HT1")])
		const { data, errors } = await opened.ask(
			`{ unit(code: "${FLAT}") { contracts { buyers { name idNumber masked } } timeline(families: ["sales"]) { edges { node { data } } } } }`,
		)
		expect(errors).toBeUndefined()
		expect(data.unit.contracts[0].buyers).toEqual([{ name: "甲**", idNumber: "4108**********0016", masked: true }])
		expect(data.unit.timeline.edges[0].node.data.buyers).toEqual([{ name: "甲**", idKind: "resident-id", idNumber: "4108**********0016" }])
		expect(data.unit.timeline.edges[0].node.data.seller.name).toBe("怀川置业有限公司")
	} finally {
		await opened.stop()
	}
})

test("the page for people needs no internet", async () => {
	const response = await town.gateway.fetch(new Request("http://town/graphql", { headers: { accept: "text/html" } }))
	const html = await response.text()
	expect(response.headers.get("content-type")).toContain("text/html")
	expect(html).not.toMatch(/<(?:script|link)[^>]+(?:src|href)=["']?https?:/)
	expect(html).toContain("一套房的一生")
})

test("each query that the page begins with is one, and is answered", async () => {
	const { operations } = await import("../src/ready-queries.ts")
	expect(operations.length).toBeGreaterThan(4)
	for (const query of operations) expect((await town.ask(query)).errors, query).toBeUndefined()
})
