import { execFileSync } from "node:child_process"
import { setTimeout as pause } from "node:timers/promises"
import { summary } from "../summary.ts"
import { serve } from "./child.ts"
import type { Flags } from "./flags.ts"
import { batched } from "./flying.ts"
import { endless, fill, given } from "./given.ts"
import { embeddedLog, workedOff } from "./linking.ts"
import type { Place } from "./place.ts"
import type { Row } from "./row.ts"

/** How long a process is left alone before it is looked at, and how often it is looked at under way, ms. */
const REST = 3000
const LOOK = 1000

const residentMB = (pid: number): number => Number(execFileSync("ps", ["-o", "rss=", "-p", String(pid)], { encoding: "utf8" })) / 1024

/**
 * Resident memory of a linker of its own (`yima serve --role linker`, embedded log) after the load ÷ before it. With `--minutes` it is loaded evenly for so
 * long, and the median of the last third ÷ that of the middle third tells whether it grows.
 */
export const memory = (place: Place, { sizes: [size = 20_000], minutes, rate }: Flags): Promise<readonly Row[]> =>
	place.on(async (stand) => {
		const log = await embeddedLog(stand)
		const linker = await serve(["linker"], stand.env)
		await pause(REST)
		const before = residentMB(linker.pid)
		const samples: number[] = []
		const looking = setInterval(() => samples.push(residentMB(linker.pid)), LOOK)
		const events = given(endless())
		await fill(log, events.take(size))
		await workedOff(stand, log)
		const loaded = samples.length
		const start = performance.now()
		let sent = 0
		for (const batch of batched(given(endless()).drop(size), Math.ceil(rate / 10))) {
			if (performance.now() - start > minutes * 60_000) break
			await fill(log, batch)
			sent += batch.length
			await pause(Math.max(0, start + (sent * 1000) / rate - performance.now()))
		}
		await workedOff(stand, log)
		clearInterval(looking)
		const steady = samples.slice(loaded)
		await pause(REST)
		const after = residentMB(linker.pid)
		await linker.stop()
		await log.close()
		const third = Math.floor(steady.length / 3)
		const most = Math.max(after, ...samples)
		const rows: Row[] = [
			{
				what: `memory of the linker after ${size + sent} events`,
				by: "before them",
				unit: "MB",
				rounds: [{ ours: after, reference: before }],
				note: `at most ${Math.round(most)} MB, seen each second`,
			},
		]
		const median = (from: number, to: number) => summary(steady.slice(from, to)).median
		if (minutes > 0 && third > 0)
			rows.push({
				what: `memory of the linker, last third of ${minutes} minutes at ${rate} events/s`,
				by: "the middle third",
				unit: "MB",
				rounds: [{ ours: median(2 * third, steady.length), reference: median(third, 2 * third) }],
				aim: "1.0: flat",
				note: `first third ${Math.round(median(0, third))} MB`,
			})
		return rows
	})
