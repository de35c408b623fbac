import type { Scope } from "@yima/schemas"
import { describe, expect, it } from "vitest"
import { conditionsAt, judge, plannedOn, ruleSetAt } from "../src/index.ts"
import { isOwn } from "../src/own.ts"
import { BUILDING, moment, PROJECT, UNIT, viewOf } from "./views.ts"

const REGISTRY = "registry" as Scope
const PARCEL = "410811001001GB00001" as Scope

describe("the rule set in force", () => {
	const adopted = (time: string, version: string, fromOn: string) =>
		[
			REGISTRY,
			"registrar.ruleset-adopted",
			time,
			{ ruleSet: { name: "焦作", version, contentHash: version }, fromOn, content: { accountDays: Number(version) } },
		] as const
	const at = (asOf: string, ...facts: readonly ReturnType<typeof adopted>[]) => {
		const { name, accountDays } = ruleSetAt(
			viewOf(UNIT, asOf, [[UNIT, "sales.handed-over", "2022-01-01 10:00", { handedOverOn: "2022-01-01" }], ...facts]),
			moment(asOf),
		)
		return [name, accountDays]
	}

	it("is the default until one takes effect, on its first day", () => {
		expect(at("2023-02-01 00:00")).toEqual(["default@1", 3])
		expect(at("2023-02-28 23:59", adopted("2023-01-05 10:00", "5", "2023-03-01"))).toEqual(["default@1", 3])
		expect(at("2023-03-01 00:00", adopted("2023-01-05 10:00", "5", "2023-03-01"))).toEqual(["焦作@5", 5])
	})

	it("is the one that takes effect last, of those of one day the one adopted last", () => {
		const [june, may] = [adopted("2023-01-05 10:00", "6", "2023-06-01"), adopted("2023-02-05 10:00", "5", "2023-05-01")]
		expect(at("2023-05-15 00:00", june, may)).toEqual(["焦作@5", 5])
		expect(at("2023-07-01 00:00", june, may)).toEqual(["焦作@6", 6])
		expect(at("2023-07-01 00:00", june, adopted("2023-03-05 10:00", "7", "2023-06-01"))).toEqual(["焦作@7", 7])
	})
})

it("a condition that a rule set does not ask is put aside by its adoption, since its first day", () => {
	const passed = [BUILDING, "construction.acceptance-passed", "2022-05-04 10:00", { opinionNo: "YS1" }] as const
	const off = { ruleSet: { name: "焦作", version: "1", contentHash: "1" }, fromOn: "2023-03-01", content: { conditions: { P4: { off: true } } } }
	const adopted = [REGISTRY, "registrar.ruleset-adopted", "2023-01-05 10:00", off] as const
	const at = (asOf: string) => conditionsAt(judge(viewOf(BUILDING, asOf, [passed, adopted]), moment(asOf))).find(({ id }) => id === "P4")
	expect(at("2023-02-28 23:59")).toMatchObject({ status: "UNMET", evidence: ["jz/x#0"] })
	expect(at("2023-03-01 00:00")).toBeUndefined()
	const judged = judge(viewOf(BUILDING, "2023-03-01 00:00", [passed, adopted]), moment("2023-03-01 00:00"))
	expect(judged.asked.get("P4")).toMatchObject({ holds: false, evidence: ["jz/x#1"], since: moment("2023-03-01 00:00") })
})

describe("a planned date", () => {
	const other = "project:2301-410811-04-01-000002" as Scope
	const scheduled = (time: string, says: object, where: Scope = PROJECT) => [where, "project.scheduled", time, { projectCode: "1", ...says }] as const
	const on = (...facts: readonly ReturnType<typeof scheduled>[]) => {
		const view = viewOf(PROJECT, "2024-01-01 00:00", [[PROJECT, "project.enlisted", "2022-01-01 10:00", {}], ...facts])
		return view.is === "project" ? plannedOn(view, "handoverDueOn") : undefined
	}

	it("is the project's own, as it was reported last", () => {
		expect(on()).toBeNull()
		expect(on(scheduled("2023-01-05 10:00", { completionDueOn: "2023-06-30" }))).toBeNull()
		expect(on(scheduled("2023-01-05 10:00", { handoverDueOn: "2023-08-31" }), scheduled("2023-02-05 10:00", { handoverDueOn: "2023-09-30" }))).toBe(
			"2023-09-30",
		)
		expect(on(scheduled("2023-01-05 10:00", { handoverDueOn: "2023-08-31" }), scheduled("2023-02-05 10:00", { completionDueOn: "2023-06-30" }))).toBe(
			"2023-08-31",
		)
		expect(on(scheduled("2023-01-05 10:00", { handoverDueOn: "2023-08-31" }, other))).toBeNull()
	})
})

it("a fact is a scope's own under this or an earlier code of its kind", () => {
	const view = viewOf(UNIT, "2024-01-01 00:00", [[UNIT, "sales.handed-over", "2022-01-01 10:00", { handedOverOn: "2022-01-01" }]])
	const project = viewOf(PROJECT, "2024-01-01 00:00", [[PROJECT, "project.enlisted", "2022-01-01 10:00", {}]])
	const registry = viewOf(REGISTRY, "2024-01-01 00:00", [])
	expect([UNIT, UNIT.replace(/1$/, "2") as Scope, BUILDING, PARCEL, PROJECT, REGISTRY].map((from) => isOwn(view, from))).toEqual([
		true,
		true,
		false,
		false,
		false,
		false,
	])
	expect([PROJECT, "project:2301-410811-04-01-000002" as Scope, UNIT, REGISTRY].map((from) => isOwn(project, from))).toEqual([true, false, false, false])
	expect([REGISTRY, UNIT, PROJECT].map((from) => isOwn(registry, from))).toEqual([true, false, false])
})
