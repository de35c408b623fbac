import { execFileSync } from "node:child_process"
import { setTimeout as pause } from "node:timers/promises"
import { summary } from "../summary.ts"
import { questionOf } from "./asking.ts"
import { serve } from "./child.ts"
import { connections, exchange } from "./exchange.ts"
import type { Flags } from "./flags.ts"
import { batched } from "./flying.ts"
import { endless } from "./given.ts"
import { embeddedLog, workedOff } from "./linking.ts"
import type { Place } from "./place.ts"
import type { Row } from "./row.ts"

const ROLES = ["intake", "linker", "gateway"] as const

/** How long processes are left alone before they are looked at, and how often they are looked at under way, ms. */
const REST = 3000
const LOOK = 1000
/** Questions a second while events flow. */
const QUESTIONS = 10

const residentMB = (pid: number): number => Number(execFileSync("ps", ["-o", "rss=", "-p", String(pid)], { encoding: "utf8" })) / 1024

/**
 * Resident memory of each role in a process of its own, on the embedded log, after the load ÷ before it: events through the door, worked
 * off, and units asked for. With `--minutes` they come evenly for so long, and the median of the last third ÷ that of the middle third
 * tells whether it grows.
 */
export const memory = (place: Place, { sizes: [size = 20_000], minutes, rate }: Flags): Promise<readonly Row[]> =>
	place.on(async (stand) => {
		const log = await embeddedLog(stand)
		const served = await Promise.all(ROLES.map(async (role) => ({ role, process: await serve([role], stand.env), samples: [] as number[] })))
		const urlOf = (role: (typeof ROLES)[number]) => served.find((each) => each.role === role)?.process.url ?? ""
		await pause(REST)
		const before = served.map(({ process }) => residentMB(process.pid))
		const looking = setInterval(() => {
			for (const { process, samples } of served) samples.push(residentMB(process.pid))
		}, LOOK)

		const agent = connections(2)
		const send = async (events: readonly object[]): Promise<void> => {
			const body = events.map((each) => JSON.stringify(each)).join("\n")
			const { text } = await exchange(agent, `${urlOf("intake")}/events`, "application/x-ndjson", body)
			const wrong = text.split("\n").find((line) => line !== "" && !line.startsWith(`{"status":"accepted"`))
			if (wrong !== undefined) throw new Error(wrong)
		}
		const known: string[] = []
		const ask = async (n: number): Promise<void> => {
			if (known.length === 0)
				known.push(
					...(await stand.owner.query<{ readonly scope: string }>(`select scope from yima.state where length(scope) = 28 limit 5000`)).rows.map(
						(row) => row.scope,
					),
				)
			const { status } = await exchange(agent, `${urlOf("gateway")}/graphql`, "application/json", questionOf(known[(n * 7919) % known.length] ?? ""))
			if (status !== 200) throw new Error(`the gateway answered ${status}`)
		}

		const events = endless()
		for (const batch of batched(events.take(size), 500)) await send(batch)
		await workedOff(stand, log)
		const loaded = served.map(({ samples }) => samples.length)
		const start = performance.now()
		const [later, perBatch] = [endless().drop(size), Math.ceil(rate / QUESTIONS)]
		let sent = 0
		for (const batch of batched(later, perBatch)) {
			if (performance.now() - start > minutes * 60_000) break
			await Promise.all([send(batch), ask(sent / perBatch)])
			sent += batch.length
			await pause(Math.max(0, start + (sent * 1000) / rate - performance.now()))
		}
		await workedOff(stand, log)
		clearInterval(looking)
		const took = (performance.now() - start) / 60_000
		const steady = served.map(({ samples }, at) => samples.slice(loaded[at]))
		await pause(REST)
		const after = served.map(({ process }) => residentMB(process.pid))
		await Promise.all(served.map(({ process }) => process.stop()))
		agent.destroy()
		await log.close()

		return served.flatMap(({ role, samples }, at): Row[] => {
			const [ours = 0, reference = 0, all = []] = [after[at], before[at], steady[at]]
			const whole: Row = {
				what: `memory of the ${role} after ${size + sent} events`,
				by: "before them",
				unit: "MB",
				rounds: [{ ours, reference }],
				note: `at most ${Math.round(Math.max(ours, ...samples))} MB, seen each second`,
			}
			const third = Math.floor(all.length / 3)
			if (minutes === 0 || third === 0) return [whole]
			const median = (from: number, to: number) => summary(all.slice(from, to)).median
			const last: Row = {
				what: `memory of the ${role}, last third of ${took.toFixed(1)} minutes at ${Math.round(sent / took / 60)} events/s`,
				by: "the middle third",
				unit: "MB",
				rounds: [{ ours: median(2 * third, all.length), reference: median(third, 2 * third) }],
				aim: "1.0: flat",
				note: `first third ${Math.round(median(0, third))} MB`,
			}
			return [whole, last]
		})
	})
