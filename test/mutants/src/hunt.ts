/**
 * Holds one core against another: `node hunt.ts <tree of the core> <sets>` prints the first set of events for which it does not
 * answer what the core of this tree specifies, and exits with 1; with 0 where none is found.
 */
import { join } from "node:path"
import { pathToFileURL } from "node:url"
import type { Moment } from "@yima/schemas"
import { adversity, type Core, dice, knownTimes, orderFree } from "@yima/test-convergence"
import * as specification from "@yima/test-kit"

const [, , tree = "", sets = "600"] = process.argv
const core = (await import(pathToFileURL(join(tree, "test/kit/src/index.ts")).href)) as Core

const attempt = (check: () => string | null): string | null => {
	try {
		return check()
	} catch (error) {
		return String(error)
	}
}

for (let seed = 1; seed <= Number(sets); seed++) {
	const { int } = dice(seed)
	const seeds = (count: number) => Array.from({ length: count }, () => int(2 ** 31))
	const { entries } = adversity(seeds(1 + int(4)), seeds(int(10)), int(2 ** 31))
	const asOf = ((Date.UTC(2023, 0, 1) + int(800) * 86_400_000 - 3_600_000) * 1000) as Moment
	const found =
		attempt(() => orderFree(entries, seeds(2), asOf, core, specification)) ?? attempt(() => knownTimes(entries, int(2 ** 31), asOf, core, specification))
	if (found !== null) {
		console.log(`caught by set ${seed}: ${found.slice(0, 400)}`)
		process.exit(1)
	}
}
console.log(`not caught by ${sets} sets`)
