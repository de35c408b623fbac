import { city, DEMO_CITY } from "@yima/seeds"
import { demoReports, findingsOf, statesOf } from "./judged.ts"
const t = Date.now()
const reports = process.argv[3] ? [...city({ ...DEMO_CITY, seed: Number(process.argv[3]), units: Number(process.argv[4] ?? 2448) })] : demoReports()
const states = statesOf(reports)
console.error(reports.length, "reports", Date.now() - t, "ms")
const found = findingsOf(states)
console.error(found.length, "findings", Date.now() - t, "ms")
const by = Map.groupBy(found, (f) => `${f.code} ${f.severity} ${f.scope.length}`)
for (const [k, fs] of [...by].sort()) {
	console.log(k, fs.length)
	for (const f of fs.slice(0, Number(process.argv[2] ?? 2))) console.log("   ", f.scope, f.explanation)
}
