import type { MemoryRegistry } from "@yima/registry"
import type { Scope } from "@yima/schemas"
import type { Json } from "@yima/test-kit"
import { describe, expect, test } from "vitest"
import { event, moment, type Said, told } from "../src/telling.ts"

const PARCEL = "410811001002GB00018"
const BUILDING = `${PARCEL}F0001`
const [FLAT, OTHER] = [`${BUILDING}0001`, `${BUILDING}0002`]
const PROJECT = "2301-410811-04-01-000001"
const COMPANY = { name: "焦作甲置业有限公司", idKind: "uscc", idNumber: "91410800MA3X00001A" }
const buyer = (n: number) => ({ name: `买受人${n}`, idKind: "passport", idNumber: `P${n}` })

const survey = event(
	"survey",
	"survey.predicted",
	"2023-01-02T00:00:00+08:00",
	{ surveyNo: "YC-1", units: [FLAT, OTHER].map((code) => ({ code, areaM2: "100.00" })) },
	BUILDING,
)
const granted = event("granted", "land.granted", "2023-01-01T00:00:00+08:00", { grantKind: "allocation", grantee: COMPANY }, PARCEL)
const contract = (n: number, time: string, subject = FLAT) =>
	event(
		`contract-${n}`,
		"sales.contract-filed",
		time,
		{ contractNo: `HT-${n}`, kind: "presale", seller: COMPANY, buyers: [buyer(n)], signedOn: time.slice(0, 10), areaM2: "100.00", totalPriceCny: "800000.00" },
		subject,
	)
const cancelled = event("cancelled", "sales.contract-cancelled", "2023-03-10T10:00:00+08:00", { contractNo: "HT-1", reason: "退房" }, FLAT)
const scheduled = event("plan", "project.scheduled", "2023-01-05T10:00:00+08:00", { projectCode: PROJECT, handoverDueOn: "2023-06-30" })
const scoped = event("scope", "project.scoped", "2023-01-05T09:00:00+08:00", { projectCode: PROJECT, parcels: [PARCEL] })

const saidOf = ({ derived }: MemoryRegistry, ...types: readonly string[]) =>
	derived
		.filter((each) => types.includes(each.type))
		.map(({ type, subject, causedBy, data }) => ({ type, subject, by: causedBy.slice(causedBy.indexOf("#") + 1), ...(JSON.parse(data) as object) }))

describe("a finding", () => {
	const twice: readonly Said[] = [
		["2023-01-03T00:00:00Z", granted],
		["2023-01-04T00:00:00Z", survey],
		["2023-02-02T04:00:00Z", contract(1, "2023-02-02T10:00:00+08:00")],
		["2023-03-01T04:00:00Z", contract(2, "2023-03-01T10:00:00+08:00")],
		["2023-03-10T04:00:00Z", cancelled],
	]

	test("is said once when it is raised and once when it is cleared, each with its own event", async () => {
		const { registry } = await told(twice)
		expect(saidOf(registry, "finding.raised", "finding.cleared").filter((each) => "code" in each && each.code === "C05")).toMatchObject([
			{ type: "finding.raised", subject: FLAT, by: "contract-2", code: "C05", severity: "BLOCK", responsible: "住房保障中心" },
			{ type: "finding.cleared", subject: FLAT, by: "cancelled", code: "C05" },
		])
		expect(registry.rulings.get(FLAT as Scope)?.findings.map((each) => each.code)).not.toContain("C05")
	})

	test("and its clearing never have one cause, whatever came first", async () => {
		const events = twice.map(([, json]) => json)
		for (const order of [events, events.toReversed(), [3, 0, 4, 1, 2].map((n) => events[n] as Json)]) {
			const { registry } = await told(order.map((json, n) => [`2023-04-${String(n + 1).padStart(2, "0")}T00:00:00Z`, json]))
			const raised = saidOf(registry, "finding.raised") as unknown as readonly {
				readonly code: string
				readonly on: string
				readonly by: string
				readonly subject: string
			}[]
			const cleared = saidOf(registry, "finding.cleared") as unknown as typeof raised
			for (const end of cleared) {
				const begin = raised.findLast((each) => each.code === end.code && each.on === end.on && each.subject === end.subject)
				expect(begin?.by, `${end.code} ${end.on}`).not.toBe(end.by)
			}
			expect(registry.rulings.get(FLAT as Scope)?.findings.map((each) => each.code)).not.toContain("C05")
		}
	})
})

test("what a scope decides is kept the same, whatever came first", async () => {
	const events = [granted, survey, contract(1, "2023-02-02T10:00:00+08:00"), contract(2, "2023-03-01T10:00:00+08:00"), scoped, scheduled]
	const kept = async (order: readonly Json[]) => {
		const { registry, until } = await told(order.map((json, n) => [`2023-04-${String(n + 1).padStart(2, "0")}T00:00:00Z`, json]))
		await until("2023-05-01T00:00:00Z")
		const states = [...registry.states.values()].map(({ scope, stage, judged }) => [scope, stage, judged]).sort()
		const findings = [...registry.rulings.values()]
			.flatMap((each) => each.findings.map(({ causedBy: _, ...row }) => row))
			.sort((a, b) => (a.scope + a.code < b.scope + b.code ? -1 : 1))
		return { states, findings }
	}
	const forward = await kept(events)
	expect(forward.findings.map((each) => each.code)).toContain("C05")
	expect(await kept(events.toReversed())).toEqual(forward)
	expect(await kept([5, 2, 0, 4, 1, 3].map((n) => events[n] as Json))).toEqual(forward)
})

describe("a time limit", () => {
	const handed = event("handed", "sales.handed-over", "2023-05-01T10:00:00+08:00", { contractNo: "HT-1", handedOverOn: "2023-05-01" }, FLAT)
	const sold: readonly Said[] = [
		["2023-01-04T00:00:00Z", survey],
		["2023-02-02T04:00:00Z", contract(1, "2023-02-02T10:00:00+08:00")],
		["2023-05-01T04:00:00Z", handed],
	]

	test("is said when it is set, and once when it is missed: no sooner, and never again", async () => {
		const { registry, until } = await told(sold)
		const said = () => saidOf(registry, "deadline.set", "deadline.missed", "deadline.met").filter((each) => "id" in each && each.id === "D06")
		expect(said()).toMatchObject([{ type: "deadline.set", subject: FLAT, by: "handed", responsible: "买受人" }])
		await until("2023-07-30T15:59:59Z")
		expect(said()).toHaveLength(1)
		await until("2023-07-30T16:00:00Z")
		expect(said().slice(1)).toMatchObject([{ type: "deadline.missed", subject: FLAT }])
		await until("2023-12-01T00:00:00Z")
		expect(said()).toHaveLength(2)
	})

	test("is not said to be missed before all partitions have come as far", async () => {
		const passed = { at: moment("2023-07-30T15:59:59Z") }
		const { registry, until } = await told(sold, async () => passed.at)
		const missed = () => saidOf(registry, "deadline.missed").filter((each) => "id" in each && each.id === "D06")
		await until("2023-07-30T16:00:00Z")
		expect(missed()).toEqual([])
		passed.at = moment("2023-07-30T16:00:00Z")
		await until("2023-07-30T16:00:02Z")
		expect(missed()).toHaveLength(1)
	})
})

describe("a rule set", () => {
	const adopted = (fromOn: string) =>
		event("rules", "registrar.ruleset-adopted", "2023-03-01T10:00:00+08:00", {
			ruleSet: { name: "jz", version: "1", contentHash: "0" },
			fromOn,
			content: { conditions: { P8: { off: true } } },
		})
	const before: readonly Said[] = [
		["2023-01-04T00:00:00Z", survey],
		["2023-02-02T04:00:00Z", contract(1, "2023-02-02T10:00:00+08:00")],
	]
	const unmet = (registry: MemoryRegistry) => {
		const { judged } = registry.states.get(FLAT as Scope) ?? {}
		return (judged?.unmet ?? []).filter((id) => !judged?.excused.includes(id))
	}

	test("that is adopted is worked off for every unit", async () => {
		const { registry } = await told([...before, ["2023-03-02T00:00:00Z", adopted("2023-03-01")]])
		expect(unmet(registry)).not.toContain("P8")
		expect(saidOf(registry, "readiness.changed").at(-1)).toMatchObject({ by: "rules", conditions: [{ condition: "P8", before: "UNMET", after: "EXCUSED" }] })
	})

	test("takes effect on its day, by itself", async () => {
		const { registry, until } = await told([...before, ["2023-03-02T00:00:00Z", adopted("2023-06-01")]])
		expect(unmet(registry)).toContain("P8")
		await until("2023-05-31T16:00:00Z")
		expect(unmet(registry)).not.toContain("P8")
	})
})

test("what a building or unit has done reaches its project's plan", async () => {
	const { registry, until } = await told([
		["2023-01-04T00:00:00Z", survey],
		["2023-01-06T00:00:00Z", scoped],
		["2023-01-07T00:00:00Z", scheduled],
		["2023-02-02T04:00:00Z", contract(1, "2023-02-02T10:00:00+08:00")],
		["2023-05-02T00:00:00Z", event("handed", "sales.handed-over", "2023-05-01T10:00:00+08:00", { contractNo: "HT-1", handedOverOn: "2023-05-01" }, FLAT)],
	])
	await until("2023-05-03T00:00:00Z")
	const plan = registry.rulings.get(`project:${PROJECT}` as Scope)?.deadlines.find((each) => each.id === "D11")
	expect(plan).toMatchObject({ metAt: moment("2023-05-01T00:00:00+08:00") })
})
