import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { Mutant } from "./mutants.ts"

const ROOT = join(import.meta.dirname, "../../..")
/** What is copied: the core, and for mistakes of the rules or of the linkers these too. */
export const CORE = ["schemas", "libs/unit-code", "libs/linking", "libs/lifecycle", "test/kit"]
export const RULES = [...CORE, "libs/rules", "test/casebook"]
export const LINKERS = [
	...CORE,
	"libs/rules",
	"libs/access",
	"libs/log",
	"libs/registry",
	"libs/sheets",
	"infra/postgres",
	"apps/intake",
	"apps/linker",
	"test/convergence",
	"test/simulation",
]

/** A copy of the core with the mistake in it; throws where its place is not found exactly once. */
export const mutatedTree = (mutant: Mutant, packages: readonly string[] = CORE): string => {
	const tree = mkdtempSync(join(tmpdir(), "yima-mutant-"))
	const modules = join(tree, "node_modules")
	mkdirSync(join(modules, "@yima"), { recursive: true })
	for (const name of readdirSync(join(ROOT, "node_modules")))
		if (name !== "@yima" && !name.startsWith(".")) symlinkSync(join(ROOT, "node_modules", name), join(modules, name))
	for (const path of packages) {
		for (const part of ["src", "package.json", "corpus", "stories", "cast.yaml"])
			if (existsSync(join(ROOT, path, part))) cpSync(join(ROOT, path, part), join(tree, path, part), { recursive: true })
		const { name } = JSON.parse(readFileSync(join(ROOT, path, "package.json"), "utf8")) as { readonly name: string }
		symlinkSync(join(tree, path), join(modules, name))
	}
	const file = join(tree, mutant.file)
	const parts = existsSync(file) ? readFileSync(file, "utf8").split(mutant.from) : []
	if (parts.length !== 2) throw new Error(`the place of the mutant "${mutant.name}" stands ${Math.max(0, parts.length - 1)} times in ${mutant.file}`)
	writeFileSync(file, parts.join(mutant.to))
	return tree
}
