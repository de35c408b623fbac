import { calendarOf, DEFAULT, deadlines, nextDeadline, sceneOf } from "@yima/rules"
import type { Known, LocalDate } from "@yima/schemas"
import { viewAt } from "@yima/test-kit"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { limitsOf } from "../src/limits.ts"
import { momentOf, spans } from "../src/spans.ts"

const LATEST = Number.MAX_SAFE_INTEGER as Known
/** Every scope of every story, at any moment. */
const cases = fc.constantFrom(...spans).chain((span) =>
	fc.record({
		world: fc.constant(span.world),
		scope: fc.constantFrom(...span.scopes),
		asOf: momentOf(span),
		holiday: momentOf(span).map((at) => new Date(at / 1000).toISOString().slice(0, 10) as LocalDate),
	}),
)

describe("time limits, over all stories", () => {
	it("never end before they start, and are missed only while they run and are not met", () => {
		fc.assert(
			fc.property(cases, ({ world, scope, asOf }) => {
				const view = viewAt(world, scope, asOf, LATEST)
				if (view === null) return
				const all = limitsOf(view, sceneOf(view, asOf), world, (each) => viewAt(world, each, asOf, LATEST))
				for (const each of all) {
					expect(each.dueAt).toBeGreaterThanOrEqual(each.startedAt)
					expect(each.overdue).toBe(each.metAt === null && each.pausedSince === null && each.dueAt <= asOf)
					expect(each.events.length).toBeGreaterThan(0)
				}
				expect(new Set(all.map((each) => `${each.id} ${each.on}`)).size).toBe(all.length)
				expect(nextDeadline(all, asOf) ?? Number.POSITIVE_INFINITY).toBeGreaterThan(asOf)
			}),
			{ numRuns: 2000 },
		)
	})

	it("end no earlier for a holiday more", () => {
		fc.assert(
			fc.property(cases, ({ world, scope, asOf, holiday }) => {
				const view = viewAt(world, scope, asOf, LATEST)
				if (view === null) return
				const scene = sceneOf(view, asOf, DEFAULT)
				const closed = { ...scene, calendar: calendarOf({ ...DEFAULT, calendar: { holidays: [holiday], workdays: [] } }) }
				const before = new Map(deadlines(view, scene).map((each) => [`${each.id} ${each.on}`, each]))
				for (const each of deadlines(view, closed))
					expect(each.dueAt).toBeGreaterThanOrEqual(before.get(`${each.id} ${each.on}`)?.dueAt ?? Number.POSITIVE_INFINITY)
			}),
			{ numRuns: 2000 },
		)
	})
})
