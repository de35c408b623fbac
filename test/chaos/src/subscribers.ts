/** `npm run test:deliveries`: many who listen to a gateway that is killed; old registrations, which ask nothing; fewer requests at peace and at a steady rate, without and with bad endpoints; then 200,000 to forty endpoints under 24 kills; exits with 1 where anything is lost. */
import { parseArgs } from "node:util"
import { type DeliveryVerdict, deliveries } from "./deliveries.ts"
import { listening } from "./listening.ts"
import { oldRegistrations } from "./old.ts"

const { values } = parseArgs({
	options: {
		units: { type: "string", default: "42000" },
		kills: { type: "string", default: "24" },
		old: { type: "string", default: "100000" },
		listeners: { type: "string", default: "5000" },
		peace: { type: "string", default: "4000" },
		log: { type: "string", default: "embedded" },
		rate: { type: "string", default: "80" },
		seed: { type: "string", default: "1" },
	},
})
const { log } = values
if (log !== "embedded" && log !== "kafka") throw new Error(`--log is embedded or kafka, not ${log}`)
const seed = Number(values.seed)

const told = (name: string, { missing, disordered, ...verdict }: DeliveryVerdict): DeliveryVerdict => {
	console.log(name, { ...verdict, missing: missing.length, disordered: disordered.slice(0, 10) })
	if (missing.length + disordered.length + verdict.unrecorded > 0) process.exitCode = 1
	return { missing, disordered, ...verdict }
}

if (Number(values.old) > 0) {
	const { ofOld, ofNew, wanted } = await oldRegistrations(Number(values.old))
	console.log(`${values.old} old registrations: ${ofOld} requests; ${ofNew} of ${wanted} of those after them`)
	if (ofOld > 0 || ofNew !== wanted) process.exitCode = 1
}

const say = (line: string) => console.log(line)
if (Number(values.listeners) > 0) {
	const heard = await listening({ listeners: Number(values.listeners), events: 300, kills: 5, say })
	console.log(`${values.listeners} who listen while the gateway is killed five times:`, heard)
	if (heard.astray > 0 || heard.heard !== 300) process.exitCode = 1
}
if (Number(values.peace) > 0) {
	const [units, perSecond] = [Number(values.peace), Number(values.rate)]
	const without = told("at peace, all well:", await deliveries({ log, units, kills: 0, perSecond, seed, isBad: false, downFor: 0, say }))
	const beside = told("at peace, ten bad:", await deliveries({ log, units, kills: 0, perSecond, seed, isBad: true, downFor: 20_000, say }))
	console.log(`p99 of healthy endpoints beside bad ones: ${(beside.p99 / without.p99).toFixed(2)} x that without (aim 2)`)
	console.log(`p95 of other units beside one that is always refused: ${(beside.p95BesideRefused / beside.p95).toFixed(2)} x that of healthy endpoints`)
}
if (Number(values.units) > 0)
	told(
		"under kills:",
		await deliveries({ log, units: Number(values.units), kills: Number(values.kills), perSecond: null, seed, isBad: true, downFor: 60_000, say }),
	)
