import type { Project } from "@yima/lifecycle"
import { type EventKey, endOfDay, type LocalDate, type Moment, type Scope } from "@yima/schemas"
import fc from "fast-check"
import { describe, expect, it, test } from "vitest"
import { type Pause, withPauses } from "../src/deadlines/pause.ts"
import { type Acts, actsOf, calendarOf, DEADLINE_RULES, DEFAULT, type Deadline, deadlines, type Members, nextDeadline, sceneOf } from "../src/index.ts"
import { BUILDING, moment, PROJECT, UNIT, viewOf } from "./views.ts"

const calendar = calendarOf(DEFAULT)
const START = moment("2025-01-01 00:00")
const HOUR = 3_600_000_000
const hours = fc.integer({ min: 0, max: 24 * 120 })
const momentsFrom = hours.map((n) => (START + n * HOUR) as Moment)
const pauses = fc.array(
	fc
		.record({ from: momentsFrom, length: fc.option(fc.integer({ min: 0, max: 24 * 20 }), { nil: null, freq: 8 }) })
		.map(({ from, length }): Pause => ({ from, to: length === null ? null : ((from + length * HOUR) as Moment), events: [] })),
	{ maxLength: 5 },
)
const dates = fc.integer({ min: 0, max: 200 }).map((n) => new Date(Date.UTC(2025, 0, 1 + n)).toISOString().slice(0, 10) as LocalDate)
const days = fc.integer({ min: 0, max: 10 })

describe("a limit that may stand still", () => {
	it("never ends before it starts", () => {
		fc.assert(
			fc.property(momentsFrom, days, pauses, fc.option(momentsFrom, { nil: null }), (from, count, all, met) => {
				expect(withPauses(calendar, from, count, all, met).dueAt).toBeGreaterThan(from)
			}),
		)
	})

	it("ends no earlier for a pause more", () => {
		fc.assert(
			fc.property(momentsFrom, days, pauses, pauses, (from, count, all, more) => {
				const [before, after] = [withPauses(calendar, from, count, all, null), withPauses(calendar, from, count, [...all, ...more], null)]
				expect(after.pausedSince ?? after.dueAt).toBeGreaterThanOrEqual(Math.min(from, before.pausedSince ?? before.dueAt))
				if (after.pausedSince === null && before.pausedSince === null) expect(after.dueAt).toBeGreaterThanOrEqual(before.dueAt)
			}),
		)
	})

	it("ends no earlier for a holiday more", () => {
		fc.assert(
			fc.property(momentsFrom, days, pauses, dates, (from, count, all, on) => {
				const more = calendarOf({ ...DEFAULT, calendar: { holidays: [on], workdays: [] } })
				const closed = all.filter((each) => each.to !== null)
				expect(withPauses(more, from, count, closed, null).dueAt).toBeGreaterThanOrEqual(withPauses(calendar, from, count, closed, null).dueAt)
			}),
		)
	})

	it("stands still within the time that it had left", () => {
		fc.assert(
			fc.property(momentsFrom, days, pauses, (from, count, all) => {
				const { pausedSince, dueAt } = withPauses(calendar, from, count, all, null)
				if (pausedSince !== null) expect(pausedSince).toBeLessThan(dueAt)
			}),
		)
	})

	test("what overlaps counts once, in whatever order it is told", () => {
		const pause = (from: string, to: string): Pause => ({ from: moment(from), to: moment(to), events: [] })
		const [a, b] = [pause("2025-03-04 09:00", "2025-03-06 10:00"), pause("2025-03-05 09:00", "2025-03-07 10:00")]
		const due = (all: readonly Pause[]) => withPauses(calendar, moment("2025-03-03 10:00"), 2, all, null).dueAt
		expect(due([a, b])).toBe(moment("2025-03-11 00:00"))
		expect(due([b, a])).toBe(due([a, b]))
	})

	describe("pause by pause", () => {
		const key = (id: string) => `jz/x#${id}` as EventKey
		const pause = (id: string, from: string, to: string | null): Pause => ({ from: moment(from), to: to === null ? null : moment(to), events: [key(id)] })
		/** Of one working day from Monday, 3 March, ten o'clock. */
		const moved = (all: readonly Pause[], met: string | null = null) =>
			withPauses(calendar, moment("2025-03-03 10:00"), 1, all, met === null ? null : moment(met))

		it("counts each, and nothing of what lies between", () => {
			const all = [pause("a", "2025-03-04 09:00", "2025-03-05 10:00"), pause("b", "2025-03-05 20:00", "2025-03-06 10:00")]
			expect(moved(all)).toEqual({ dueAt: moment("2025-03-07 00:00"), pausedSince: null, events: [key("a"), key("b")] })
			const apart = [pause("a", "2025-03-03 11:00", "2025-03-03 12:00"), pause("b", "2025-03-04 20:00", "2025-03-05 10:00")]
			expect(moved(apart).dueAt).toBe(moment("2025-03-06 00:00"))
		})

		it("goes on where one ends as the next begins, be it on a weekend", () => {
			const touching = [pause("a", "2025-03-07 10:00", "2025-03-08 12:00"), pause("b", "2025-03-08 12:00", "2025-03-12 10:00")]
			expect(withPauses(calendar, moment("2025-03-06 10:00"), 1, touching, null).dueAt).toBe(moment("2025-03-13 00:00"))
		})

		it("takes one within another for nothing of its own", () => {
			const all = [
				pause("whole", "2025-03-04 09:00", "2025-03-10 10:00"),
				pause("first", "2025-03-05 09:00", "2025-03-05 10:00"),
				pause("second", "2025-03-07 09:00", "2025-03-07 10:00"),
			]
			expect(moved(all)).toEqual({ dueAt: moment("2025-03-11 00:00"), pausedSince: null, events: [key("whole"), key("first"), key("second")] })
		})

		it("names what began at once in the order in which it ended", () => {
			const [short, long] = [pause("short", "2025-03-04 09:00", "2025-03-05 10:00"), pause("long", "2025-03-04 09:00", "2025-03-06 10:00")]
			for (const all of [
				[short, long],
				[long, short],
			])
				expect(moved(all)).toEqual({ dueAt: moment("2025-03-07 00:00"), pausedSince: null, events: [key("short"), key("long")] })
		})

		it("does not begin where the limit has ended, or the act is done", () => {
			expect(moved([pause("a", "2025-03-05 00:00", null)])).toEqual({ dueAt: moment("2025-03-05 00:00"), pausedSince: null, events: [] })
			expect(moved([pause("a", "2025-03-04 23:59", null)])).toMatchObject({ pausedSince: moment("2025-03-04 23:59"), events: [key("a")] })
			expect(moved([pause("a", "2025-03-04 10:00", null)], "2025-03-04 10:00").events).toEqual([])
		})
	})

	test("what began in a pause that lasts until it is met moves the end up to there", () => {
		const open: Pause = { from: moment("2025-03-04 09:00"), to: null, events: [] }
		const { dueAt, pausedSince } = withPauses(calendar, moment("2025-03-03 10:00"), 1, [open], moment("2025-03-07 10:00"))
		expect([dueAt, pausedSince]).toEqual([moment("2025-03-08 00:00"), null])
	})
})

describe("plans of a project", () => {
	const schedule = { projectCode: "2301-410811-04-01-000001", completionDueOn: "2023-06-30", firstRegistrationDueOn: "2023-07-31", handoverDueOn: "2023-08-31" }
	const plan = (asOf: string, members: Members | null): ReadonlyMap<string, Deadline> => {
		const view = viewOf(PROJECT, asOf, [[PROJECT, "project.scheduled", "2023-01-05 10:00", schedule]]) as Project
		return new Map(deadlines(view, sceneOf(view, moment(asOf)), members).map((each) => [each.id, each]))
	}
	const building = (acts: Acts) => ({ code: BUILDING, acts })
	const unit = (sold: boolean, acts: Acts) => ({ code: UNIT, sold, acts })
	const on = (text: string) => moment(`${text} 10:00`)

	it("are not decided where nobody knows what its buildings did", () => {
		expect(plan("2023-12-01 00:00", null).size).toBe(0)
	})

	it.each([
		["D13", "2023-07-01 00:00", "COMPLETION"],
		["D12", "2023-08-01 00:00", "FIRST_REGISTRATION"],
	] as const)("%s: every building has the act by %s", (id, due, act) => {
		const early = { [act]: on("2023-05-04") }
		const late = { [act]: on("2023-09-04") }
		const asked = (asOf: string, ...acts: readonly Acts[]) => plan(asOf, { buildings: acts.map(building), units: [] }).get(id)
		expect(asked("2023-06-01 00:00", early, {})).toMatchObject({ dueAt: moment(due), metAt: null, overdue: false, startedAt: on("2023-01-05") })
		expect(asked("2023-12-01 00:00", early, {})).toMatchObject({ metAt: null, overdue: true })
		expect(asked("2023-12-01 00:00", early, early)).toMatchObject({ metAt: on("2023-05-04"), overdue: false })
		expect(asked("2023-12-01 00:00", early, late)).toMatchObject({ metAt: on("2023-09-04"), overdue: false })
		expect(asked("2023-12-01 00:00", late)?.metAt).toBeGreaterThan(moment(due))
	})

	it("D11: every sold unit is handed over; who did not buy waits for nothing", () => {
		const asked = (asOf: string, ...units: readonly Members["units"][number][]) => plan(asOf, { buildings: [], units }).get("D11")
		const handed = { HANDOVER: on("2023-08-20") }
		expect(asked("2023-08-31 23:00", unit(true, handed), unit(true, {}))).toMatchObject({ overdue: false, metAt: null })
		expect(asked("2023-09-01 00:00", unit(true, handed), unit(true, {}))).toMatchObject({ overdue: true, dueAt: moment("2023-09-01 00:00") })
		expect(asked("2023-09-01 00:00", unit(true, handed), unit(false, {}))).toMatchObject({ overdue: false, metAt: on("2023-08-20") })
		expect(asked("2023-10-01 00:00", unit(true, { HANDOVER: on("2023-09-20") }))?.metAt).toBe(on("2023-09-20"))
	})

	it("owe nothing where there is nothing to do when the day comes", () => {
		const early = plan("2023-06-01 00:00", { buildings: [], units: [] })
		expect([...early.keys()]).toEqual(["D11", "D12", "D13"])
		for (const each of early.values()) expect(each).toMatchObject({ on: "", metAt: null, events: ["jz/x#0"] })
		expect([...plan("2023-07-01 00:00", { buildings: [], units: [] }).keys()]).toEqual(["D11", "D12"])
		expect(plan("2023-12-01 00:00", { buildings: [], units: [] }).size).toBe(0)
	})

	it("keep what was once reported: a later one that does not state a date leaves it", () => {
		const { projectCode, handoverDueOn } = schedule
		const view = viewOf(PROJECT, "2023-06-01 00:00", [
			[PROJECT, "project.scheduled", "2023-01-05 10:00", { projectCode, handoverDueOn }],
			[PROJECT, "project.scheduled", "2023-03-05 10:00", { projectCode, completionDueOn: "2023-07-31" }],
		])
		const found = deadlines(view, sceneOf(view, moment("2023-06-01 00:00")), { buildings: [building({})], units: [unit(true, {})] })
		expect(found.map(({ id, startedAt, dueAt }) => [id, startedAt, dueAt])).toEqual([
			["D11", on("2023-01-05"), moment("2023-09-01 00:00")],
			["D13", on("2023-03-05"), moment("2023-08-01 00:00")],
		])
	})

	it("that came after their own day began with it", () => {
		const view = viewOf(PROJECT, "2024-01-10 00:00", [[PROJECT, "project.scheduled", "2024-01-05 10:00", schedule]])
		const [first] = deadlines(view, sceneOf(view, moment("2024-01-10 00:00")), { buildings: [building({})], units: [unit(true, {})] })
		expect(first).toMatchObject({ startedAt: moment("2023-09-01 00:00"), dueAt: moment("2023-09-01 00:00"), overdue: true })
	})
})

describe("a rule set", () => {
	const view = (asOf: string) => viewOf(BUILDING, asOf, [[BUILDING, "construction.acceptance-passed", "2023-05-04 10:00", { opinionNo: "YS1" }]])
	const asked = (change: object) => {
		const seen = view("2023-06-01 00:00")
		return deadlines(seen, sceneOf(seen, moment("2023-06-01 00:00"), { ...DEFAULT, ...change }))
	}

	it("may switch a limit off or give it to another department", () => {
		expect(asked({}).map((each) => [each.id, each.responsible, each.overdue])).toEqual([["D02", "开发企业", true]])
		expect(asked({ deadlines: { D02: { responsible: "住房和城乡建设局" } } })[0]?.responsible).toBe("住房和城乡建设局")
		expect(asked({ deadlines: { D02: { off: true } } })).toEqual([])
	})
})

describe("a year whose holidays nobody knows", () => {
	const guessed = (filed: string, change: object = {}) => {
		const asOf = filed
		const view = viewOf(BUILDING, asOf, [
			[BUILDING, "construction.acceptance-passed", filed, { opinionNo: "YS1" }],
			[BUILDING, "construction.completion-filed", filed, { filingNo: "BA1" }],
		])
		return deadlines(view, sceneOf(view, moment(asOf), { ...DEFAULT, ...change })).map((each) => [each.id, each.guessedYears])
	}

	it("is named by each limit in working days that runs in it, and by no other", () => {
		expect(guessed("2025-12-30 10:00")).toEqual([
			["D02", []],
			["D03", []],
		])
		expect(guessed("2026-12-30 10:00")).toEqual([
			["D02", []],
			["D03", [2027]],
		])
		expect(guessed("2026-12-30 10:00", { firstRegistrationDays: 400 })).toContainEqual(["D03", [2027, 2028]])
	})

	it("is not, where the limit ends with the year before, or the rule set names its days", () => {
		expect(guessed("2026-12-30 10:00", { firstRegistrationDays: 1 })).toContainEqual(["D03", []])
		expect(guessed("2026-12-30 10:00", { calendar: { holidays: ["2027-01-01"], workdays: [] } })).toContainEqual(["D03", []])
	})

	it("is named wherever a holiday moves the end", () => {
		const counted = DEADLINE_RULES.flatMap(({ id, parameters }) => (parameters.includes("calendar") ? [id] : []))
		expect(counted).toEqual(["D01", "D03", "D04", "D10"])
	})
})

describe("the next deadline", () => {
	const deadline = (dueAt: string, more: Partial<Deadline> = {}): Deadline => ({
		id: "D02",
		title: "",
		scope: BUILDING,
		responsible: "",
		basis: "",
		on: "",
		startedAt: START,
		dueAt: moment(dueAt),
		pausedSince: null,
		metAt: null,
		events: [],
		overdue: false,
		guessedYears: [],
		...more,
	})

	it("is the first that may still be missed: open, running, ahead", () => {
		const all = [
			deadline("2025-03-01 00:00"),
			deadline("2025-05-01 00:00"),
			deadline("2025-04-01 00:00"),
			deadline("2025-03-10 00:00", { metAt: START }),
			deadline("2025-03-11 00:00", { pausedSince: START }),
		]
		expect(nextDeadline(all, moment("2025-03-01 00:00"))).toBe(moment("2025-04-01 00:00"))
		expect(nextDeadline(all, moment("2025-02-01 00:00"))).toBe(moment("2025-03-01 00:00"))
		expect(nextDeadline(all, moment("2025-05-01 00:00"))).toBeNull()
		expect(nextDeadline([], START)).toBeNull()
	})
})

describe("what a building or flat has done", () => {
	const HERE = { reach: "here" }
	const acts = (scope: Scope, ...facts: Parameters<typeof viewOf>[2]) => {
		const view = viewOf(scope, "2024-01-01 00:00", facts)
		return view.is === "unit" || view.is === "building" ? actsOf(view) : {}
	}
	const passed = (time: string) => [BUILDING, "construction.acceptance-passed", time, { opinionNo: "YS" }] as const
	const failed = (time: string) => [BUILDING, "construction.acceptance-failed", time, { opinionNo: "YS" }] as const
	const filed = (time: string) => [BUILDING, "construction.completion-filed", time, { filingNo: "BA" }] as const
	const certificate = { certificateNo: "豫证0", holder: { id: "A", name: "A" } }

	it("nothing, as long as nothing is said", () => {
		expect(acts(BUILDING, failed("2023-05-01 10:00"))).toEqual({})
	})

	it("is accepted since the first pass after the last failure, and completed by a filing after it", () => {
		expect(acts(BUILDING, passed("2023-05-01 10:00"), passed("2023-05-02 10:00"), filed("2023-05-03 10:00"))).toEqual({
			ACCEPTANCE: moment("2023-05-01 10:00"),
			COMPLETION: moment("2023-05-03 10:00"),
		})
		expect(acts(BUILDING, passed("2023-05-01 10:00"), filed("2023-05-03 10:00"), failed("2023-05-04 10:00"))).toEqual({})
		expect(acts(BUILDING, filed("2023-05-03 10:00"), failed("2023-05-04 10:00"), passed("2023-05-05 10:00"))).toEqual({
			ACCEPTANCE: moment("2023-05-05 10:00"),
		})
	})

	it("a filing known by its day may be of the same day's acceptance", () => {
		const filedThatDay = [BUILDING, "construction.completion-filed", "2023-05-01 00:00", { filingNo: "BA" }, { byDay: true }] as const
		expect(acts(BUILDING, passed("2023-05-01 10:00"), filedThatDay)).toMatchObject({ COMPLETION: moment("2023-05-01 00:00") })
	})

	it("is measured with its first measured survey, each flat with the first that has it", () => {
		const survey = (where: Scope, time: string, code: string, more: object) =>
			[where, "survey.measured", time, { surveyNo: "CH", units: [{ code, areaM2: "1.00", link: "new" }] }, more] as const
		expect(acts(BUILDING, survey(BUILDING, "2023-05-01 10:00", "0101", HERE), survey(BUILDING, "2023-06-01 10:00", "0101", HERE))).toEqual({
			MEASURED_SURVEY: moment("2023-05-01 10:00"),
		})
		expect(acts(UNIT, survey(UNIT, "2023-05-01 10:00", "", {}), survey(UNIT, "2023-06-01 10:00", "", {}))).toEqual({
			MEASURED_SURVEY: moment("2023-05-01 10:00"),
		})
	})

	it("is first registered as a whole, or list by list; a flat with what covers it", () => {
		const roll = [BUILDING, "survey.predicted", "2022-05-01 10:00", { surveyNo: "CH", units: [{ code: "0101" }, { code: "0102" }] }, HERE] as const
		const whole = [BUILDING, "registration.first-registered", "2023-06-01 10:00", certificate] as const
		const list = (time: string, ...units: readonly string[]) =>
			[BUILDING, "registration.first-registered", time, { ...certificate, certificateNo: time, units }, HERE] as const
		const gone = [BUILDING, "registration.deregistered", "2023-09-01 10:00", { certificateNo: "豫证0" }] as const
		expect(acts(BUILDING, roll, whole)).toEqual({ FIRST_REGISTRATION: moment("2023-06-01 10:00") })
		expect(acts(BUILDING, roll, whole, gone)).toEqual({})
		expect(acts(BUILDING, roll, list("2023-06-01 10:00", "0101"))).toEqual({})
		expect(acts(BUILDING, roll, list("2023-06-01 10:00", "0101"), list("2023-07-01 10:00", "0102"))).toEqual({ FIRST_REGISTRATION: moment("2023-07-01 10:00") })
		expect(acts(BUILDING, list("2023-06-01 10:00", "0101"))).toEqual({ FIRST_REGISTRATION: moment("2023-06-01 10:00") })
		expect(acts(UNIT, whole, [UNIT, "sales.handed-over", "2023-07-02 10:00", { handedOverOn: "2023-07-01" }])).toEqual({
			FIRST_REGISTRATION: moment("2023-06-01 10:00"),
			HANDOVER: moment("2023-07-01 00:00"),
		})
	})

	it("handed over under a contract that was cancelled it is not", () => {
		const contract = {
			contractNo: "HT1",
			kind: "presale",
			seller: { id: "A", name: "A" },
			buyers: [{ id: "B", name: "B" }],
			signedOn: "2023-01-01",
			areaM2: "1.00",
			totalPriceCny: "1.00",
		}
		const story = [
			[UNIT, "sales.contract-filed", "2023-01-02 10:00", contract],
			[UNIT, "sales.handed-over", "2023-07-02 10:00", { contractNo: "ht1", handedOverOn: "2023-07-01" }],
		] as const
		expect(acts(UNIT, ...story)).toEqual({ HANDOVER: moment("2023-07-01 00:00") })
		expect(acts(UNIT, ...story, [UNIT, "sales.contract-cancelled", "2023-08-01 10:00", { contractNo: "HT1" }])).toEqual({})
	})
})

it("an end is a local midnight", () => {
	expect(withPauses(calendar, moment("2025-03-03 10:00"), 1, [], null).dueAt).toBe(endOfDay("2025-03-04" as LocalDate))
})
