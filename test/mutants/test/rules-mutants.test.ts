import { spawnSync } from "node:child_process"
import { rmSync } from "node:fs"
import { join } from "node:path"
import { expect, test } from "vitest"
import type { Mutant } from "../src/mutants.ts"
import { rulesMutants } from "../src/rules-mutants.ts"
import { mutatedTree, RULES } from "../src/tree.ts"

const hunt = (mutant: Mutant): { readonly caught: boolean; readonly said: string } => {
	const tree = mutatedTree(mutant, RULES)
	try {
		const { status, stdout, stderr } = spawnSync(process.execPath, [join(import.meta.dirname, "../src/hunt-rules.ts"), tree], { encoding: "utf8" })
		return { caught: status === 1 && stdout.startsWith("caught"), said: stdout + stderr }
	} finally {
		rmSync(tree, { recursive: true, force: true })
	}
}

test("the rules themselves pass the stories that their mutants must not", { timeout: 120_000 }, () => {
	expect(hunt({ name: "none", file: "schemas/src/order.ts", from: "export const compare", to: "export const compare" }).said).toBe("not caught\n")
})

test.each(rulesMutants.map((mutant) => [mutant.name, mutant] as const))("caught: %s", { timeout: 120_000 }, (_, mutant) => {
	expect(hunt(mutant)).toMatchObject({ caught: true })
})
