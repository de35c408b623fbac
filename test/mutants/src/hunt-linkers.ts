/**
 * Runs the simulation of a tree: `node hunt-linkers.ts <tree> <seeds>` prints the first seed under which its linkers do not end where
 * the specification does, or an answer does not stand, and exits with 1; with 0 where none is found.
 */
import { join } from "node:path"
import { pathToFileURL } from "node:url"

const [, , tree = "", seeds = "1000"] = process.argv
const { simulate } = (await import(pathToFileURL(join(tree, "test/simulation/src/index.ts")).href)) as typeof import("@yima/test-simulation")

const attempt = async (seed: number): Promise<string | null> => {
	const faults = seed % 2 === 0 ? { failed: 3, lost: 3, crash: 10, zombie: 50 } : { failed: 0, lost: 0, crash: 0, zombie: 0 }
	try {
		return (await simulate(seed, faults)).wrong
	} catch (error) {
		return String(error)
	}
}

for (let seed = 1; seed <= Number(seeds); seed++) {
	const found = await attempt(seed)
	if (found !== null) {
		console.log(`caught by seed ${seed}: ${found.slice(0, 400)}`)
		process.exit(1)
	}
}
console.log(`not caught by ${seeds} seeds`)
