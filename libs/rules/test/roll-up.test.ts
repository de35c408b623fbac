import { describe, expect, it } from "vitest"
import { type Counted, counted, rollUp, type Summary, type UnitSummary } from "../src/index.ts"
import { PROJECT } from "./views.ts"

const nothing: Summary = { unmet: [], waived: [], idle: [], blocks: [] }
const own = (more: Partial<UnitSummary> = {}): UnitSummary => ({ ...nothing, sold: true, project: PROJECT, freed: [], ...more })
const above = (more: Partial<Summary> = {}): Summary => ({ ...nothing, ...more })

describe("a flat, counted with what stands above it", () => {
	it("is ready if it is sold and nothing blocks", () => {
		expect(counted(own(), [above()], "SOLD")).toEqual({ stage: "READY", sold: true, ready: true, unmet: [], blocks: [] })
		expect(counted(own({ sold: false }), [], "SOLD")).toMatchObject({ stage: "SOLD", ready: false })
		expect(counted(own({ unmet: ["U2"] }), [], "SOLD")).toMatchObject({ stage: "SOLD", ready: false, unmet: ["U2"] })
		expect(counted(own(), [above({ blocks: ["C05"] })], "SOLD")).toMatchObject({ stage: "SOLD", ready: false, blocks: ["C05"] })
	})

	it("stays in any stage but that of the sold, ready or not", () => {
		for (const stage of ["SERVED", "PLANNED", null] as const) expect(counted(own(), [], stage)).toMatchObject({ stage, ready: true })
	})

	it("counts each reason once, wherever it stands", () => {
		const both = { unmet: ["P2", "P5"], blocks: ["C09"] } as const
		expect(counted(own(both), [above(both), above({ unmet: ["P9"] })], "SOLD")).toMatchObject({ unmet: ["P2", "P5", "P9"], blocks: ["C09"] })
	})

	it("is bound by what binds the land below it, unless it was freed of it", () => {
		expect(counted(own(), [above({ unmet: ["U5"] })], "SOLD")).toMatchObject({ ready: false, unmet: ["U5"] })
		expect(counted(own({ freed: ["U5"] }), [above({ unmet: ["U5", "P2"] })], "SOLD")).toMatchObject({ unmet: ["P2"] })
	})

	it("is excused by a waiver of its own or above it, and of what is not asked of it", () => {
		expect(counted(own({ unmet: ["P5"], waived: ["P5"] }), [], "SOLD")).toMatchObject({ ready: true, unmet: [] })
		expect(counted(own({ unmet: ["P5"] }), [above({ waived: ["P5"] })], "SOLD")).toMatchObject({ ready: true, unmet: [] })
		expect(counted(own({ idle: ["P9"] }), [above({ unmet: ["P9", "P2"] })], "SOLD")).toMatchObject({ unmet: ["P2"] })
		expect(counted(own(), [above({ unmet: ["P9"], idle: ["P9"] })], "SOLD")).toMatchObject({ unmet: ["P9"] })
	})
})

describe("a roll-up", () => {
	const unit = (more: Partial<Counted> = {}): Counted => ({ stage: "SOLD", sold: true, ready: false, unmet: [], blocks: [], ...more })

	it("of nothing is nothing", () => {
		expect(rollUp([])).toEqual({ units: 0, sold: 0, ready: 0, byStage: [], blocking: [] })
	})

	it("counts ready of sold, and by stage in the order of stages", () => {
		const all = [
			unit({ stage: "READY", ready: true }),
			unit(),
			unit(),
			unit({ stage: "PLANNED", sold: false, ready: true }),
			unit({ stage: null, sold: false }),
		]
		expect(rollUp(all)).toMatchObject({
			units: 5,
			sold: 3,
			ready: 1,
			byStage: [
				{ stage: "PLANNED", units: 1 },
				{ stage: "SOLD", units: 2 },
				{ stage: "READY", units: 1 },
			],
		})
	})

	it("names what blocks the most sold units first, of as many by id, and counts no unsold one", () => {
		const all = [
			unit({ unmet: ["U2", "P2"], blocks: ["C05"] }),
			unit({ unmet: ["U2", "U1"] }),
			unit({ unmet: ["U1"], blocks: ["C05"] }),
			unit({ unmet: ["U1"] }),
			unit({ sold: false, unmet: ["U1", "U12"], blocks: ["C09"] }),
		]
		expect(rollUp(all).blocking).toEqual([
			{ id: "U1", is: "condition", units: 3 },
			{ id: "C05", is: "finding", units: 2 },
			{ id: "U2", is: "condition", units: 2 },
			{ id: "P2", is: "condition", units: 1 },
		])
	})
})
