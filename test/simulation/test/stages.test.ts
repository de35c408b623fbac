import type { MemoryRegistry } from "@yima/registry"
import type { Scope } from "@yima/schemas"
import { expect, test } from "vitest"
import { event, told } from "../src/telling.ts"

const PARCEL = "410811001002GB00018"
const BUILDING = `${PARCEL}F0001`
const FLAT = `${BUILDING}0001`
const COMPANY = { name: "焦作甲置业有限公司", idKind: "uscc", idNumber: "91410800MA3X00001A" }

const survey = event("s", "survey.predicted", "2023-01-02T00:00:00+08:00", { surveyNo: "YC-1", units: [{ code: FLAT, areaM2: "100.00" }] }, BUILDING)
const granted = event("g", "land.granted", "2023-01-01T00:00:00+08:00", { grantKind: "assignment", grantee: COMPANY }, PARCEL)
const works = event(
	"w",
	"planning.works-permitted",
	"2023-02-01T00:00:00+08:00",
	{ permitNo: "W-1", buildings: [BUILDING], validUntilOn: "2023-06-30" },
	PARCEL,
)

const stages = ({ derived }: MemoryRegistry) =>
	derived.filter((each) => each.type === "unit.stage-changed").map(({ subject, causedBy, data }) => [subject, causedBy, JSON.parse(data) as unknown])

test("a flat's stage is said when it changes, with the event behind it, and not again", async () => {
	const { registry } = await told([
		["2023-01-03T00:00:00Z", granted],
		["2023-01-04T00:00:00Z", survey],
		["2023-02-02T00:00:00Z", works],
		["2023-02-03T00:00:00Z", { ...works, id: "w2" }],
	])
	expect(stages(registry)).toEqual([
		[FLAT, "urn:jz:a#g", { from: null, to: "GRANTED" }],
		[FLAT, "urn:jz:a#w", { from: "GRANTED", to: "PLANNED" }],
	])
	expect(registry.states.get(FLAT as Scope)).toMatchObject({ stage: "PLANNED" })
})

test("what is said of the parcel reaches the flat that came first", async () => {
	const { registry } = await told([
		["2023-01-04T00:00:00Z", survey],
		["2023-01-05T00:00:00Z", granted],
	])
	expect(stages(registry)).toEqual([[FLAT, "urn:jz:a#g", { from: null, to: "GRANTED" }]])
})

test("time wakes it: a permit that lapses is said to have lapsed, without any event, and no sooner", async () => {
	const { registry, until } = await told([
		["2023-01-03T00:00:00Z", granted],
		["2023-01-04T00:00:00Z", survey],
		["2023-02-02T00:00:00Z", works],
	])
	await until("2023-06-30T15:59:59Z")
	expect(stages(registry)).toHaveLength(2)
	await until("2023-06-30T16:00:00Z")
	expect(stages(registry).slice(2)).toEqual([[FLAT, "urn:jz:a#g", { from: "PLANNED", to: "GRANTED" }]])
})
