import { spawnSync } from "node:child_process"
import { rmSync } from "node:fs"
import { linkerMutants } from "./src/linker-mutants.ts"
import { LINKERS, mutatedTree } from "./src/tree.ts"
for (const m of linkerMutants) {
	if (process.argv[3] !== undefined && !m.name.includes(process.argv[3])) continue
	const t = performance.now()
	const tree = mutatedTree(m, LINKERS)
	const { stdout, stderr } = spawnSync(process.execPath, ["test/mutants/src/hunt-linkers.ts", tree, process.argv[2] ?? "500"], { encoding: "utf8" })
	console.log(m.name, "|", Math.round(performance.now() - t), "ms |", (stdout + stderr).slice(0, 150).replaceAll("\n", " "))
	rmSync(tree, { recursive: true, force: true })
}
