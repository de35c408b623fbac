import type { Json } from "@yima/test-kit"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { startTown, story, type Town } from "../src/town.ts"

const FLAT = "410811001002GB00018F00030045"
const [SEIZED, SECOND] = ["410811001002GB00018F00030044", "410811001002GB00018F00030046"] as const
const BUILDING = "410811001002GB00018F0003"
const PARCEL = "410811001002GB00018"
const PROJECT = "2101-410811-04-01-000018"
const LATER = "2026-05-01T00:00:00Z"

const READINESS = `fragment Whole on Readiness { ready ruleSet met total
	conditions { id title scope status responsible basis remedy since because { id parent statement holds evidence { source id type occurredAt } } evidence { source id } }
	blocking { id } blockingFindings { code scope subject severity }
	nextSteps { condition finding eventType title responsible possibleNow waitsFor dueAt } }`

const readiness = async (town: Town, code: string, times: object = {}) => {
	const { data, errors } = await town.ask(
		`${READINESS} query($code: UnitCode!, $asOf: DateTime, $knownAt: DateTime) { unit(code: $code, asOf: $asOf, knownAt: $knownAt) { stage readiness { ...Whole evaluatedAt } } }`,
		{ code, ...times },
	)
	expect(errors).toBeUndefined()
	return data.unit
}

const unmet = (unit: { readonly readiness: { readonly blocking: readonly { readonly id: string }[] } }) => unit.readiness.blocking.map(({ id }) => id)

describe("a building's story", () => {
	let town: Town
	let early: string
	beforeAll(async () => {
		town = await startTown()
		const events = story("building")
		await town.submit(events.slice(0, 30))
		town.tick()
		await town.work()
		early = new Date(town.clock.now / 1000).toISOString()
		await town.submit(events.slice(30))
	}, 120_000)
	afterAll(() => town?.stop())

	test("a flat is ready when the last thing that was missing is there, and tells why it was not before", async () => {
		const ready = await readiness(town, FLAT, { asOf: "2023-06-20T00:00:00+08:00" })
		expect(ready).toMatchObject({ readiness: { ready: true, ruleSet: "default@1", blocking: [], evaluatedAt: "2023-06-19T16:00:00.000000Z" } })
		expect(ready.readiness.met).toBe(ready.readiness.total)
		expect(ready.readiness.conditions).toHaveLength(21)

		const before = await readiness(town, FLAT, { asOf: "2023-05-19T00:00:00+08:00" })
		expect(before.readiness.ready).toBe(false)
		expect(unmet(before)).toEqual(["U3", "U4"])
		const [tax] = before.readiness.blocking.length === 0 ? [] : before.readiness.conditions.filter(({ id }: { id: string }) => id === "U3")
		expect(tax).toMatchObject({
			status: "UNMET",
			scope: "UNIT",
			because: [
				{ id: 1, parent: null, holds: false },
				{ parent: 1, holds: false },
			],
		})
		expect(before.readiness.nextSteps).toMatchObject([
			{ condition: "U3", finding: null, eventType: "yima.tax.deed-tax-paid.v1", possibleNow: true },
			{ condition: "U4", eventType: "yima.tax.maintenance-fund-paid.v1" },
		])
		expect(JSON.stringify(before)).not.toMatch(/张三|sealed-/)
	})

	test("an answer once given by two times stays, whatever is learned and adopted later", async () => {
		const times = { asOf: LATER, knownAt: new Date(town.clock.now / 1000).toISOString() }
		const given = await readiness(town, SECOND, times)
		const open = await town.ask(
			`query($code: UnitCode!, $asOf: DateTime, $knownAt: DateTime) { unit(code: $code, asOf: $asOf, knownAt: $knownAt) { findings(open: null) { code raisedAt clearedAt } deadlines(open: null) { id dueAt metAt } } }`,
			{ code: SECOND, ...times },
		)
		await town.submit([
			{
				specversion: "1.0",
				id: "adopted-later",
				source: "urn:yima:desk",
				type: "yima.registrar.ruleset-adopted.v1",
				time: "2023-01-01T10:00:00+08:00",
				data: {
					ruleSet: { name: "another", version: "1", contentHash: "0" },
					fromOn: "2020-01-01",
					content: { conditions: { U3: { off: true } }, areaTolerance: "0.10" },
				},
			},
			{
				specversion: "1.0",
				id: "waived-later",
				source: "urn:yima:desk",
				type: "yima.registrar.condition-waived.v1",
				subject: SECOND,
				time: "2023-01-01T10:00:00+08:00",
				data: { condition: "U4", reason: "试", by: "登记员" },
			},
		])
		expect((await readiness(town, SECOND, { asOf: LATER })).readiness.ruleSet).toBe("another@1")
		expect(await readiness(town, SECOND, times)).toEqual(given)
		expect(
			await town.ask(
				`query($code: UnitCode!, $asOf: DateTime, $knownAt: DateTime) { unit(code: $code, asOf: $asOf, knownAt: $knownAt) { findings(open: null) { code raisedAt clearedAt } deadlines(open: null) { id dueAt metAt } } }`,
				{ code: SECOND, ...times },
			),
		).toMatchObject({ data: open.data })
		const changes = async (from: object, to: object) => {
			const { data } = await town.ask(
				`query($from: MomentInput!, $to: MomentInput!) { unitDiff(code: "${SECOND}", from: $from, to: $to) { conditions { path before after causedBy { id } } } }`,
				{ from, to },
			)
			return data.unitDiff.conditions
		}
		expect(await changes(times, { asOf: LATER })).toEqual([
			{ path: "conditions/U3", before: "UNMET", after: "NOT_APPLICABLE", causedBy: [{ id: "adopted-later" }] },
			{ path: "conditions/U4", before: "UNMET", after: "WAIVED", causedBy: [{ id: "waived-later" }] },
			{ path: "conditions/U7", before: "MET", after: "UNMET", causedBy: [{ id: "adopted-later" }] },
		])
		const adopted = { asOf: LATER, knownAt: new Date(town.clock.now / 1000).toISOString() }
		const waiver = (await readiness(town, SECOND, { asOf: LATER })).readiness.conditions.find(({ id }: { id: string }) => id === "U4")
		expect(waiver.because.map(({ statement }: { statement: string }) => statement)).toContain("登记员已豁免:试")
		await town.submit(
			["adopted-later", "waived-later"].map((id) => ({
				specversion: "1.0",
				id: `no-${id}`,
				source: "urn:yima:desk",
				type: "yima.registrar.retracted.v1",
				time: "2023-01-02T10:00:00+08:00",
				data: { event: { id }, reason: "试完" },
			})),
		)
		expect((await changes(adopted, { asOf: LATER })).map(({ path, causedBy }: { path: string; causedBy: object }) => [path, causedBy])).toEqual([
			["conditions/U3", [{ id: "adopted-later" }]],
			["conditions/U4", [{ id: "waived-later" }]],
			["conditions/U7", [{ id: "adopted-later" }]],
		])
	})

	test("what was not known yet does not count: known before the receipts came, it was not ready", async () => {
		const then = await readiness(town, FLAT, { asOf: LATER, knownAt: early })
		expect(then.readiness.ready).toBe(false)
		expect(unmet(then)).toContain("U3")
		expect((await readiness(town, FLAT, { asOf: LATER })).readiness.ready).toBe(true)
	})

	test("being ready is a stage, with a milestone of its own", async () => {
		const at = async (asOf: string) =>
			(await town.ask(`query($asOf: DateTime) { unit(code: "${FLAT}", asOf: $asOf) { stage milestones { stage since because { id } } } }`, { asOf })).data.unit
		expect((await at("2023-06-01T00:00:00+08:00")).stage).toBe("READY")
		const served = await at(LATER)
		expect(served.stage).toBe("SERVED")
		expect(served.milestones.map((each: { stage: string }) => each.stage)).toContain("READY")
		const { data } = await town.ask(`{ ready: units(filter: { stage: [READY, SERVED] }) { edges { node { code } } } }`)
		expect(data.ready.edges).toEqual([{ node: { code: FLAT } }])
	})

	test("a seized flat waits for its court", async () => {
		const seized = await readiness(town, SEIZED, { asOf: "2023-06-01T00:00:00+08:00" })
		expect(unmet(seized)).toContain("U5")
		expect(seized.readiness.nextSteps).toContainEqual(expect.objectContaining({ condition: "U5", eventType: "yima.judicial.seizure-lifted.v1" }))
	})

	test("a building and a project add up what their flats are", async () => {
		const { data, errors } = await town.ask(
			`{ building(code: "${BUILDING}") { readiness { units sold ready byStage { stage units } conditions { id status } blocking { condition finding title responsible units } nextSteps { condition title } expectedReadyOn } findings { code } deadlines(open: null) { id metAt overdue scope subject } }
				project(code: "${PROJECT}") { readiness { units sold ready conditions { id status } } findings(open: null) { code } deadlines(open: null) { id } ledger { buildingCount unitCount soldCount readyCount certifiedCount dates { act plannedOn actualOn } blocking { condition units } updatedAt } }
				parcel(code: "${PARCEL}") { conditions { id scope status since } findings { code } deadlines(open: false) { id dueAt metAt } } }`,
		)
		expect(errors).toBeUndefined()
		const { building, project, parcel } = data
		expect(building.readiness).toMatchObject({ sold: 3, ready: 1, conditions: expect.arrayContaining([{ id: "P4", status: "MET" }]), nextSteps: [] })
		expect(building.readiness.byStage.reduce((sum: number, each: { units: number }) => sum + each.units, 0)).toBe(building.readiness.units)
		expect(building.readiness.blocking).toContainEqual({ condition: "U3", finding: null, title: expect.any(String), responsible: "税务局", units: 2 })
		expect(project.readiness).toMatchObject({
			units: building.readiness.units,
			sold: 3,
			ready: 1,
			conditions: expect.arrayContaining([{ id: "P1", status: "MET" }]),
		})
		expect(project.ledger).toMatchObject({
			buildingCount: 1,
			unitCount: building.readiness.units,
			soldCount: 3,
			readyCount: 1,
			certifiedCount: 1,
			dates: [
				{ act: "COMPLETION", plannedOn: null, actualOn: "2023-04-21" },
				{ act: "ACCEPTANCE", plannedOn: null, actualOn: "2023-04-10" },
				{ act: "MEASURED_SURVEY", plannedOn: null, actualOn: "2023-04-24" },
				{ act: "FIRST_REGISTRATION", plannedOn: null, actualOn: "2023-04-28" },
				{ act: "HANDOVER", plannedOn: null, actualOn: null },
			],
		})
		expect(parcel.conditions).toContainEqual(expect.objectContaining({ id: "P2", scope: "PARCEL", status: "MET" }))
		expect(parcel.deadlines).toContainEqual(expect.objectContaining({ id: "D01" }))
	})

	test("planned stands against actual, and what was once reported is kept; by the plan the rest is ready", async () => {
		const scheduled = (id: string, time: string, dates: object) => ({
			specversion: "1.0",
			id,
			source: "urn:jz:housing",
			type: "yima.project.scheduled.v1",
			time: `${time}T10:00:00+08:00`,
			data: { projectCode: PROJECT, ...dates },
		})
		const asked = async (times: object = {}) => {
			const { data, errors } = await town.ask(
				`query($asOf: DateTime, $knownAt: DateTime) {
					project(code: "${PROJECT}", asOf: $asOf, knownAt: $knownAt) { ledger { dates { act plannedOn actualOn } } readiness { expectedReadyOn } deadlines(open: null) { id dueAt metAt overdue } }
					building(code: "${BUILDING}", asOf: $asOf, knownAt: $knownAt) { readiness { expectedReadyOn } } }`,
				times,
			)
			expect(errors).toBeUndefined()
			const { project, building } = data
			expect(building.readiness).toEqual(project.readiness)
			return {
				dates: project.ledger.dates.map(({ act, plannedOn, actualOn }: Readonly<Record<string, string | null>>) => `${act} ${plannedOn} ${actualOn}`),
				expectedReadyOn: project.readiness.expectedReadyOn,
				deadlines: project.deadlines,
			}
		}
		await town.submit([scheduled("plan-1", "2022-01-10", { completionDueOn: "2023-04-30", firstRegistrationDueOn: "2023-04-27", handoverDueOn: "2023-06-30" })])
		const before = { knownAt: new Date(town.clock.now / 1000).toISOString() }
		const first = await asked(before)
		expect(first).toEqual({
			dates: [
				"COMPLETION 2023-04-30 2023-04-21",
				"ACCEPTANCE null 2023-04-10",
				"MEASURED_SURVEY null 2023-04-24",
				"FIRST_REGISTRATION 2023-04-27 2023-04-28",
				"HANDOVER 2023-06-30 null",
			],
			expectedReadyOn: "2023-04-30",
			deadlines: [
				{ id: "D12", dueAt: "2023-04-27T16:00:00.000000Z", metAt: expect.stringContaining("2023-04-27T16"), overdue: false },
				{ id: "D13", dueAt: "2023-04-30T16:00:00.000000Z", metAt: expect.stringContaining("2023-04-20T16"), overdue: false },
				{ id: "D11", dueAt: "2023-06-30T16:00:00.000000Z", metAt: null, overdue: true },
			],
		})

		await town.submit([scheduled("plan-2", "2023-05-01", { handoverDueOn: "2026-12-31" })])
		expect(await asked()).toEqual({
			...first,
			dates: first.dates.with(4, "HANDOVER 2026-12-31 null"),
			deadlines: first.deadlines.with(2, { id: "D11", dueAt: "2026-12-31T16:00:00.000000Z", metAt: null, overdue: false }),
		})
		expect((await asked({ asOf: "2023-04-30T00:00:00+08:00" })).dates).toEqual(first.dates)
		expect(await asked(before)).toEqual(first)
	})

	test("what differs between two days names conditions and what changed them", async () => {
		const { data, errors } = await town.ask(
			`query($from: MomentInput!, $to: MomentInput!) { unitDiff(code: "${FLAT}", from: $from, to: $to) { conditions { path title before after causedBy { id type } } findings { path } facts { path before after } } }`,
			{ from: { asOf: "2023-05-19T00:00:00+08:00" }, to: { asOf: "2023-05-21T00:00:00+08:00" } },
		)
		expect(errors).toBeUndefined()
		expect(data.unitDiff.conditions).toEqual([
			{
				path: "conditions/U3",
				title: expect.stringContaining("U3"),
				before: "UNMET",
				after: "MET",
				causedBy: [{ id: "T-0036", type: "yima.tax.deed-tax-paid.v1" }],
			},
			{
				path: "conditions/U4",
				title: expect.any(String),
				before: "UNMET",
				after: "MET",
				causedBy: [{ id: "F-0037", type: "yima.tax.maintenance-fund-paid.v1" }],
			},
		])
		expect(data.unitDiff.facts).toContainEqual({ path: "stage", before: "SOLD", after: "READY" })
	})

	test("a time limit says when it ran out, or was met", async () => {
		const { data, errors } = await town.ask(
			`{ unit(code: "${FLAT}") { open: deadlines { id metAt overdue } met: deadlines(open: false) { id title scope subject responsible basis startedAt dueAt metAt } } }`,
		)
		expect(errors).toBeUndefined()
		expect(data.unit.met).toContainEqual(expect.objectContaining({ id: "D05", scope: "UNIT", subject: FLAT, metAt: "2022-01-08T07:20:00.000000Z" }))
		expect(data.unit.met).toContainEqual(expect.objectContaining({ id: "D01", scope: "PARCEL", subject: PARCEL }))
		for (const each of data.unit.open) expect(each.metAt).toBeNull()
	})

	test("a waiver lets a condition go, here and below; one that is never waived has no effect", async () => {
		const waive = `mutation($scope: String!, $condition: String!, $untilOn: Date) { waiveCondition(scope: $scope, condition: $condition, reason: "会议纪要〔2023〕7号", untilOn: $untilOn) { status source problems { code pointer } } }`
		const unitAt = () => readiness(town, SECOND)
		expect(unmet(await unitAt())).toEqual(expect.arrayContaining(["U3", "U4"]))
		for (const [scope, condition] of [
			[BUILDING, "U4"],
			[SECOND, "U3"],
		])
			expect((await town.ask(waive, { scope, condition })).data.waiveCondition).toEqual({ status: "ACCEPTED", source: "urn:yima:desk", problems: [] })
		const after = await unitAt()
		const [tax, fund] = ["U3", "U4"].map((id) => after.readiness.conditions.find((each: { id: string }) => each.id === id))
		expect(fund).toMatchObject({ status: "WAIVED" })
		expect(tax).toMatchObject({ status: "UNMET" })
		expect(unmet(after)).not.toContain("U4")
		expect((await town.ask(waive, { scope: SECOND, condition: "U4", untilOn: "2020-13-01" })).data.waiveCondition).toMatchObject({ status: "REJECTED" })
		for (const variables of [
			{ scope: SECOND, condition: "U99" },
			{ scope: "4108", condition: "U4" },
		])
			expect((await town.ask(waive, variables)).errors?.[0]?.extensions["code"]).toMatch(/BAD_INPUT|BAD_CODE/)
	})
})

describe("two contracts on one flat", () => {
	let town: Town
	beforeAll(async () => {
		town = await startTown()
		await town.submit(story("double-sale"))
	}, 120_000)
	afterAll(() => town?.stop())
	const TWICE = "410811002001GB00001F00010001"

	test("leave it unmet, with both", async () => {
		const unit = await readiness(town, TWICE)
		expect(unmet(unit)).toContain("U1")
		const [one] = unit.readiness.conditions.filter(({ id }: { id: string }) => id === "U1")
		expect(one).toMatchObject({ status: "UNMET", evidence: [{ id: "double-sale-06" }, { id: "double-sale-07" }] })
	})

	test("would leave it met if one were cancelled, and nothing is stored by asking", async () => {
		const cancelled = {
			specversion: "1.0",
			id: "if-1",
			source: "urn:jz:housing",
			type: "yima.sales.contract-cancelled.v1",
			time: "2022-04-01T09:00:00+08:00",
			data: { contractNo: "HT2022000100012", reason: "查明后撤销" },
		}
		const { data, errors } = await town.ask(
			`query($events: [JSON!]!) { readinessIf(scope: "${TWICE}", events: $events) { units ready readyNow readiness { conditions { id status } } changed { totalCount } } }`,
			{ events: [cancelled] },
		)
		expect(errors).toBeUndefined()
		expect(data.readinessIf).toMatchObject({ units: 1, ready: 0, readyNow: 0, changed: { totalCount: 0 } })
		expect(data.readinessIf.readiness.conditions).toContainEqual({ id: "U1", status: "MET" })
		expect(unmet(await readiness(town, TWICE))).toContain("U1")
	})

	test("cannot be settled where nothing of that code can be", async () => {
		const settle = `mutation($code: String!) { settleFinding(scope: "${TWICE}", code: $code, reason: "查清") { status } }`
		for (const code of ["C99", ""]) expect((await town.ask(settle, { code })).errors?.[0]?.extensions["code"]).toBe("BAD_INPUT")
	})
})

const IF = `${READINESS} query($scope: String!, $events: [JSON!]!, $asOf: DateTime) { readinessIf(scope: $scope, events: $events, asOf: $asOf) { units ready readyNow readiness { ...Whole } changed(first: 1) { totalCount pageInfo { hasNextPage endCursor } edges { node { code stage taxReceipts { payers { name idNumber } event { data recordedAt } } readiness { ready } } } } } }`

describe("what would be, and then is", () => {
	let town: Town
	beforeAll(async () => {
		town = await startTown()
	}, 120_000)
	afterAll(() => town?.stop())

	/** Asks what would be, sends the same, and asks what is: both are the same in every word. */
	const heldTo = async (events: readonly Json[], code: string, project: string) => {
		const supposed = await town.ask(IF, { scope: code, events, asOf: LATER })
		expect(supposed.errors).toBeUndefined()
		const whole = (await town.ask(IF, { scope: project, events, asOf: LATER })).data.readinessIf
		const [result] = await town.submit(events)
		expect(result?.status).toBe("accepted")
		const { evaluatedAt: _, ...now } = (await readiness(town, code, { asOf: LATER })).readiness
		expect(supposed.data.readinessIf.readiness, JSON.stringify(events)).toEqual(now)
		const sums = (await town.ask(`query($asOf: DateTime) { project(code: "${project}", asOf: $asOf) { readiness { units ready } } }`, { asOf: LATER })).data
			.project
		expect({ units: whole.units, ready: whole.ready }).toEqual(sums.readiness)
		return { now, whole }
	}

	test("for every event of a building's story, persons in it or not", async () => {
		const events = story("building")
		await town.submit(events.slice(0, 9))
		// The last names a contract that nobody has filed: it only waits.
		for (const event of events.slice(9, -1)) await heldTo([event], FLAT, PROJECT)
	}, 120_000)

	test("for a correction that moves a contract, a retraction, and a receipt that comes before what it names", async () => {
		const events = story("building")
		const receipt = events.find(({ id }) => id === "T-0036") as Json
		const { data, source } = receipt as { readonly data: object; readonly source: string }
		const base = { specversion: "1.0", source, time: "2023-07-01T09:00:00+08:00" }
		const corrected = { ...receipt, id: "T-0036-1", corrects: "T-0036", statedat: "2023-07-01T09:00:00+08:00", data: { ...data, settled: false } }
		expect((await heldTo([corrected], FLAT, PROJECT)).now.ready).toBe(false)
		const retracted = { ...base, id: "T-0036-2", type: "yima.tax.retracted.v1", data: { event: { id: "T-0036-1" }, reason: "误改" } }
		expect((await heldTo([retracted], FLAT, PROJECT)).now.ready).toBe(true)
		await heldTo([{ ...base, id: "T-0036-3", type: "yima.tax.retracted.v1", data: { event: { id: "T-0036" }, reason: "误报" } }], FLAT, PROJECT)
	}, 120_000)

	test("one discharge makes several flats ready", async () => {
		const events = story("building")
		const byId = (id: string) => events.find((each) => each["id"] === id) as { readonly data: object } & Json
		const [tax, fund, contract] = [byId("T-0036"), byId("F-0037"), byId("H-0016")]
		const { buyers } = contract.data as { readonly buyers: readonly object[] }
		const ofSecond = (event: typeof tax) => ({
			...event,
			id: `${event["id"]}-46`,
			data: { ...event.data, receiptNo: `${event["id"]}-46`, payers: buyers, contractNo: "HT2022000046" },
		})
		const proofNo = "豫(2023)焦作市不动产证明第9009001号"
		const other = await startTown()
		try {
			await other.submit([
				...events.filter(({ id }) => id !== "T-0036"),
				ofSecond(tax),
				ofSecond(fund),
				{
					specversion: "1.0",
					id: "R-9001",
					source: "urn:jz:registry",
					type: "yima.finance.mortgage-registered.v1",
					subject: PARCEL,
					time: "2023-06-21T00:00:00+08:00",
					data: {
						proofNo,
						kind: "land",
						mortgagee: { name: "示范银行股份有限公司焦作分行", idKind: "uscc", idNumber: "91410800MA3X00002B" },
						mortgagor: { name: "焦作市示范置业有限公司", idKind: "uscc", idNumber: "91410800MA3X00001A" },
						debtCny: "1000000.00",
					},
				},
			])
			const ask = async (given: readonly Json[], scope = PROJECT) => {
				const { data, errors } = await other.ask(IF, { scope, events: given, asOf: LATER })
				expect(errors).toBeUndefined()
				return data.readinessIf
			}
			expect(await ask([])).toMatchObject({ ready: 0, readyNow: 0, changed: { totalCount: 0, edges: [] }, readiness: null })
			const discharged = {
				specversion: "1.0",
				id: "R-9002",
				source: "urn:jz:registry",
				type: "yima.finance.mortgage-discharged.v1",
				time: "2023-07-01T00:00:00+08:00",
				data: { proofNo },
			}
			expect(await ask([tax])).toMatchObject({ ready: 0, changed: { totalCount: 0 } })
			const alone = await ask([discharged])
			expect(alone).toMatchObject({ ready: 1, readyNow: 0, changed: { totalCount: 1, edges: [{ node: { code: SECOND } }] } })
			const both = await ask([tax, discharged])
			expect(both).toMatchObject({
				ready: 2,
				readyNow: 0,
				changed: { totalCount: 2, pageInfo: { hasNextPage: true }, edges: [{ node: { code: FLAT, stage: "SERVED", readiness: { ready: true } } }] },
			})
			expect(JSON.stringify(both)).not.toMatch(/张三|李四|cipher|sealed-/)
			const next = await other.ask(
				`query($events: [JSON!]!, $after: String) { readinessIf(scope: "${PROJECT}", events: $events) { changed(after: $after) { pageInfo { hasNextPage } edges { node { code } } } } }`,
				{ events: [tax, discharged], after: both.changed.pageInfo.endCursor },
			)
			expect(next.data.readinessIf.changed).toEqual({ pageInfo: { hasNextPage: false }, edges: [{ node: { code: SECOND } }] })

			const neighbour = `${PARCEL}F0004`
			const surveyed = { surveyNo: "YC2023-0018-4", units: [{ code: `${neighbour}0001`, houseCode: "FW41081100180099" }] }
			await other.submit([
				{
					specversion: "1.0",
					id: "S-9003",
					source: "urn:jz:survey",
					type: "yima.survey.predicted.v1",
					subject: neighbour,
					time: "2023-06-22T00:00:00+08:00",
					data: surveyed,
				},
			])
			const ofBuilding = await ask([tax, discharged], BUILDING)
			const { units, ready, readyNow, changed } = both
			expect(ofBuilding).toMatchObject({ units, ready, readyNow, readiness: null, changed: { totalCount: changed.totalCount } })
			expect(await ask([discharged], BUILDING)).toMatchObject({ ready: 1, changed: { totalCount: 1, edges: [{ node: { code: SECOND } }] } })
			expect(await ask([tax, discharged], neighbour)).toMatchObject({ units: 1, ready: 0, readyNow: 0, readiness: null, changed: { totalCount: 0 } })
			expect(await ask([tax, discharged], PARCEL)).toMatchObject({ units: units + 1, ready })
			await other.submit([tax, discharged])
			const { data } = await other.ask(`query($asOf: DateTime) { building(code: "${BUILDING}", asOf: $asOf) { readiness { units ready } } }`, { asOf: LATER })
			expect(data.building.readiness).toEqual({ units, ready })
		} finally {
			await other.stop()
		}
	}, 120_000)

	test("what is wrong, has no place or is taken is refused by name", async () => {
		const tax = story("building").find(({ id }) => id === "T-0036") as Json
		const { data } = tax as { readonly data: object }
		for (const [events, words] of [
			[[{ ...tax, id: "x", data: { ...data, amountCny: "八千" } }], /events\[0\].*amountCny/],
			[[{ ...tax, id: "y", data: { ...data, contractNo: "HT-没有" } }], /events\[0\].*UNKNOWN_IDENTIFIER/],
			[[{ ...tax, data: { ...data, amountCny: "1.00" } }], /events\[0\].*\/id/],
		] as const) {
			const { errors } = await town.ask(IF, { scope: FLAT, events })
			expect(errors?.[0]).toMatchObject({ extensions: { code: "BAD_INPUT" }, message: expect.stringMatching(words) })
		}
		expect((await town.ask(IF, { scope: `${BUILDING}9998`, events: [] })).errors?.[0]?.extensions["code"]).toBe("NOT_FOUND")
	})
})
