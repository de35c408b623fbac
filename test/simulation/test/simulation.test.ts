import { expect, test } from "vitest"
import { type Faults, NO_FAULTS, simulate, simulateWhole } from "../src/index.ts"

/** How many seeds: YIMA_SEEDS asks for more, YIMA_SEED replays one. */
const SEEDS = Number(process.env["YIMA_SEEDS"] ?? 300)
const only = process.env["YIMA_SEED"]
const from = (first: number, count: number): readonly number[] => (only === undefined ? Array.from({ length: count }, (_, at) => first + at) : [Number(only)])

const FAULTS: Faults = { failed: 3, lost: 3, crash: 10, zombie: 30 }

const failing = async (seeds: readonly number[], faults: Faults, run = simulate): Promise<readonly string[]> => {
	const found: string[] = []
	for (const seed of seeds) {
		const { wrong } = await run(seed, faults)
		if (wrong !== null) found.push(`YIMA_SEED=${seed}: ${wrong}`)
	}
	return found
}

// Seeds in slices, so that a failure says early which.
const slices = (first: number, count = SEEDS) =>
	Array.from({ length: Math.ceil(from(first, count).length / 50) }, (_, at) => from(first, count).slice(at * 50, at * 50 + 50))

test.each(slices(1))("linkers in any order of their steps end where the specification does, and every answer stands: seeds from %i", async (...seeds) => {
	expect(await failing(seeds, NO_FAULTS)).toEqual([])
})

test.each(slices(100_000))("so they do with crashes, lost answers, failing calls and zombies: seeds from %i", async (...seeds) => {
	expect(await failing(seeds, FAULTS)).toEqual([])
})

test.each(slices(300_000, Math.max(500, SEEDS)))(
	"from the door to the registry nothing is lost, doubled or answered wrongly: seeds from %i",
	async (...seeds) => {
		expect(await failing(seeds, FAULTS, simulateWhole)).toEqual([])
	},
)

test("the same seed gives the same run", async () => {
	expect(await simulate(7, FAULTS)).toEqual(await simulate(7, FAULTS))
	expect(await simulateWhole(7, FAULTS)).toEqual(await simulateWhole(7, FAULTS))
})
