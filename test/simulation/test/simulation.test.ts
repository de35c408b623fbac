import { expect, test } from "vitest"
import { type Faults, NO_FAULTS, simulate } from "../src/index.ts"

/** How many seeds: YIMA_SEEDS asks for more, YIMA_SEED replays one. */
const SEEDS = Number(process.env["YIMA_SEEDS"] ?? 300)
const only = process.env["YIMA_SEED"]
const from = (first: number): readonly number[] => (only === undefined ? Array.from({ length: SEEDS }, (_, at) => first + at) : [Number(only)])

const FAULTS: Faults = { failed: 3, lost: 3, crash: 10, zombie: 30 }

const failing = async (seeds: readonly number[], faults: Faults): Promise<readonly string[]> => {
	const found: string[] = []
	for (const seed of seeds) {
		const { wrong } = await simulate(seed, faults)
		if (wrong !== null) found.push(`YIMA_SEED=${seed}: ${wrong}`)
	}
	return found
}

// Seeds in slices, so that a failure says early which.
const slices = (first: number) => Array.from({ length: Math.ceil(from(first).length / 50) }, (_, at) => from(first).slice(at * 50, at * 50 + 50))

test.each(slices(1))("linkers in any order of their steps end where the specification does, and every answer stands: seeds from %i", async (...seeds) => {
	expect(await failing(seeds, NO_FAULTS)).toEqual([])
})

test.each(slices(100_000))("so they do with crashes, lost answers, failing calls and zombies: seeds from %i", async (...seeds) => {
	expect(await failing(seeds, FAULTS)).toEqual([])
})

test("the same seed gives the same run", async () => {
	expect(await simulate(7, FAULTS)).toEqual(await simulate(7, FAULTS))
})
