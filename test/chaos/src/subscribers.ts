/** `npm run test:deliveries`: 200,000 requests to forty endpoints under twenty kills, then the same at peace without and with bad endpoints; exits with 1 where anything is lost. */
import { parseArgs } from "node:util"
import { deliveries, type Verdict } from "./deliveries.ts"

const { values } = parseArgs({
	options: {
		units: { type: "string", default: "42000" },
		kills: { type: "string", default: "24" },
		peace: { type: "string", default: "4000" },
		seed: { type: "string", default: "1" },
	},
})
const seed = Number(values.seed)

const told = (name: string, { missing, disordered, ...verdict }: Verdict): Verdict => {
	console.log(name, { ...verdict, missing: missing.length, disordered: disordered.slice(0, 10) })
	if (missing.length + disordered.length + verdict.unrecorded > 0) process.exitCode = 1
	return { missing, disordered, ...verdict }
}

const say = (line: string) => console.log(line)
if (Number(values.peace) > 0) {
	const units = Number(values.peace)
	const without = told("at peace, all well:", await deliveries({ units, kills: 0, seed, isBad: false, downFor: 0, say }))
	const beside = told("at peace, ten bad:", await deliveries({ units, kills: 0, seed, isBad: true, downFor: 20_000, say }))
	console.log(`p99 of healthy endpoints beside bad ones: ${(beside.p99 / without.p99).toFixed(2)} x that without (aim 2)`)
	console.log(`p95 of other units beside one that is always refused: ${(beside.p95BesideRefused / beside.p95).toFixed(2)} x that of healthy endpoints`)
}
if (Number(values.units) > 0)
	told("under kills:", await deliveries({ units: Number(values.units), kills: Number(values.kills), seed, isBad: true, downFor: 60_000, say }))
