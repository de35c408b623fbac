import { readFileSync } from "node:fs"
import { join } from "node:path"
import type { Unit } from "@yima/lifecycle"
import { aboveUnit, deadlines, type Judgement, judge, nextSteps, readinessOf } from "@yima/rules"
import { formatMoment, type Known, type Moment, parseMoment, type Scope } from "@yima/schemas"
import { batch, entryOf, type Json, viewAt } from "@yima/test-kit"
import { describe, expect, test } from "vitest"

const FLAT = "410811001002GB00018F00030045" as Scope
const LATEST = Number.MAX_SAFE_INTEGER as Known
/** Steps on one day would leave open which came first. */
const DAY = 86_400_000_000

const story = readFileSync(join(import.meta.dirname, "../../../seeds/stories/building.ndjson"), "utf8")
	.split("\n")
	.filter((line) => line !== "")
	.map((line) => JSON.parse(line) as Json)

const timeOf = (json: Json): Moment => parseMoment(String(json["time"])) as Moment
const SALE = timeOf(story.find((each) => each["id"] === "H-0015") as Json)
const TRANSFER = timeOf(story.find((each) => each["id"] === "H-0039") as Json)

/** What the flat's own events say, for those that are still to come. */
const own = (type: string, n = 0): Json => {
	const found = story.filter((each) => each["type"] === `yima.${type}.v1`)[n]
	if (found === undefined) throw new Error(`the story has no ${type}`)
	return { ...(found["subject"] === undefined ? {} : { subject: found["subject"] }), data: found["data"] } as Json
}

const SERVICES: Readonly<Record<string, number>> = { 水: 0, 电: 1, 气: 2, 暖: 3 }

/** An event by which a step becomes known: as the story has it, for each type that a step can name here. */
const doing = (type: string, title: string): Json => {
	if (type === "utility.connected") return own(type, SERVICES[/^通(.)/.exec(title)?.[1] ?? ""])
	if (type === "sales.paid-in-full") return { data: { contractNo: "HT2022000045", amountCny: "924300.00" } }
	if (type === "finance.documents-ready")
		return { data: { contractNo: "HT2022000045", mortgagee: (own("finance.mortgage-registered")["data"] as Json)["mortgagee"] } }
	if (type === "finance.mortgage-discharged") return { data: { proofNo: (own("finance.mortgage-registered")["data"] as Json)["proofNo"] } }
	return own(type)
}

const seen = (events: readonly Json[], asOf: Moment) => {
	const entries = events.map((json, n) => entryOf(json, ((n + 1) * 10) as Known, 0, n))
	const world = batch(entries)
	const view = viewAt(world, FLAT, asOf, LATEST) as Unit | null
	if (view === null) throw new Error("nobody names the flat")
	const flat = judge(view, asOf) as Judgement<Unit>
	const above = aboveUnit(view).flatMap((scope) => {
		const found = viewAt(world, scope, asOf, LATEST)
		return found === null ? [] : [judge(found, asOf)]
	})
	const all = [flat, ...above]
	const readiness = readinessOf(flat, above)
	const steps = nextSteps(
		view,
		readiness,
		all.flatMap((each) => deadlines(each.view, each.scene)),
	)
	return { readiness, steps, findings: new Set(all.flatMap((each) => each.findings.map(({ code, on, scope }) => `${code} ${on} ${scope}`))), world }
}

const cuts = [...new Set(story.map(timeOf).filter((at) => at >= SALE && at < TRANSFER))].sort((a, b) => a - b)

describe("the next steps of a flat that is sold", () => {
	test.each(cuts.map((at) => [formatMoment(at).slice(0, 16), at] as const))("as of %s, taken in the order given, make it ready", (_, cut) => {
		const events = story.filter((each) => timeOf(each) <= cut)
		let now = cut
		const first = seen(events, now)
		const wanted = first.steps
		expect(wanted.length === 0).toBe(first.readiness.ready)
		for (const [n, step] of wanted.entries()) {
			const before = seen(events, now)
			now = (now + DAY) as Moment
			events.push({
				specversion: "1.0",
				id: `step-${n}`,
				source: "urn:jz:steps",
				type: `yima.${step.eventType}.v1`,
				time: formatMoment(now),
				...doing(step.eventType, step.title),
			})
			const after = seen(events, now)
			expect(
				[...after.findings].filter((each) => !before.findings.has(each)),
				`${step.condition} ${step.title}`,
			).toEqual([])
			const isLast = !wanted.slice(n + 1).some((each) => each.condition === step.condition)
			const { status } = after.readiness.conditions.find(({ id }) => id === step.condition) ?? {}
			if (isLast) expect(status, `${step.condition} ${step.title}`).toBe("MET")
		}
		expect(seen(events, now).readiness.ready).toBe(true)
	})
})
