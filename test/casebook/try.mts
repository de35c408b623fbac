import { readFileSync } from "node:fs"
import { city } from "../../seeds/src/index.ts"
import { entryOf, incremental, viewAt } from "@yima/test-kit"
import { findings, sceneOf } from "@yima/rules"
import { parseMoment } from "@yima/schemas"
const [which = "city"] = process.argv.slice(2)
const reports = which === "city" ? [...city({ seed: 1, units: Number(process.argv[3] ?? 400), until: "2026-11-20" })] : readFileSync(`seeds/stories/${which}.ndjson`, "utf8").trim().split("\n").map((l) => JSON.parse(l))
const world = incremental({ batches: [reports.map((json: any, i) => entryOf(json, (i + 1) * 10, 0, i))] })
const asOf = parseMoment("2026-11-20T00:00:00+08:00")!
const counts = new Map<string, number>(), sample = new Map<string, string[]>()
const start = Date.now()
let n = 0
for (const scope of world.states.keys()) {
	const view = viewAt(world, scope, asOf)
	if (view === null) continue
	n++
	for (const f of findings(view, sceneOf(view, asOf))) {
		const key = `${f.code} ${f.severity} ${view.is}`
		counts.set(key, (counts.get(key) ?? 0) + 1)
		const list = sample.get(key) ?? []
		if (list.length < 3) list.push(`${view.code}: ${f.explanation}`)
		sample.set(key, list)
	}
}
console.log(reports.length, n, Date.now() - start, "ms")
for (const [k, c] of [...counts].sort()) { console.log(k, c); for (const s of sample.get(k)!) console.log("    ", s) }
