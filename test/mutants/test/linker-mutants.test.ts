import { spawnSync } from "node:child_process"
import { rmSync } from "node:fs"
import { join } from "node:path"
import { expect, test } from "vitest"
import { linkerMutants } from "../src/linker-mutants.ts"
import type { Mutant } from "../src/mutants.ts"
import { LINKERS, mutatedTree } from "../src/tree.ts"

const hunt = (mutant: Mutant, seeds: number): { readonly caught: boolean; readonly said: string } => {
	const tree = mutatedTree(mutant, LINKERS)
	try {
		const { status, stdout, stderr } = spawnSync(process.execPath, [join(import.meta.dirname, "../src/hunt-linkers.ts"), tree, String(seeds)], {
			encoding: "utf8",
		})
		return { caught: status === 1 && stdout.startsWith("caught"), said: stdout + stderr }
	} finally {
		rmSync(tree, { recursive: true, force: true })
	}
}

test("the linkers themselves pass the hunt that their mutants must not", () => {
	expect(hunt({ name: "none", file: "apps/linker/src/owner.ts", from: "export class Owner", to: "export class Owner" }, 60).said).toBe(
		"not caught by 60 seeds\n",
	)
})

test.each(linkerMutants.map((mutant) => [mutant.name, mutant] as const))("caught: %s", { timeout: 900_000 }, (_, mutant) => {
	expect(hunt(mutant, mutant.sets ?? 1000)).toMatchObject({ caught: true })
})
