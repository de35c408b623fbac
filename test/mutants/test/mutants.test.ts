import { spawnSync } from "node:child_process"
import { rmSync } from "node:fs"
import { join } from "node:path"
import { expect, test } from "vitest"
import { type Mutant, mutants } from "../src/mutants.ts"
import { mutatedTree } from "../src/tree.ts"

const hunt = (mutant: Mutant, sets = "3000"): { readonly caught: boolean; readonly said: string } => {
	const tree = mutatedTree(mutant)
	try {
		const { status, stdout, stderr } = spawnSync(process.execPath, [join(import.meta.dirname, "../src/hunt.ts"), tree, sets], { encoding: "utf8" })
		return { caught: status === 1 && stdout.startsWith("caught"), said: stdout + stderr }
	} finally {
		rmSync(tree, { recursive: true, force: true })
	}
}

test("the core itself passes the hunt that its mutants must not", () => {
	expect(hunt({ name: "none", file: "schemas/src/order.ts", from: "export const compare", to: "export const compare" }, "300").said).toBe(
		"not caught by 300 sets\n",
	)
})

test.each(mutants.map((mutant) => [mutant.name, mutant] as const))("caught: %s", (_, mutant) => {
	expect(hunt(mutant)).toMatchObject({ caught: true })
})
