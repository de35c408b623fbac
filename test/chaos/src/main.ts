/** `npm run test:chaos`: 50,000 events and twenty kills on each log, unless told otherwise; exits with 1 where anything was lost, doubled or differs. */
import { parseArgs } from "node:util"
import { ordeal } from "./ordeal.ts"

const { values } = parseArgs({
	options: {
		log: { type: "string", multiple: true, default: ["embedded", "kafka"] },
		events: { type: "string", default: "50000" },
		kills: { type: "string", default: "20" },
		seed: { type: "string", default: "1" },
	},
})

for (const log of values.log) {
	if (log !== "embedded" && log !== "kafka") throw new Error(`--log is embedded or kafka, not ${log}`)
	const verdict = await ordeal({
		log,
		events: Number(values.events),
		kills: Number(values.kills),
		seed: Number(values.seed),
		say: (line) => console.log(`${log}: ${line}`),
	})
	console.log(log, verdict)
	if (verdict.lost.length > 0 || verdict.doubled > 0 || verdict.strange > 0 || verdict.hash !== verdict.cleanHash) process.exitCode = 1
}
