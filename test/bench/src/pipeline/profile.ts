import { writeFileSync } from "node:fs"
import { type Profiler, Session } from "node:inspector/promises"
import { tmpdir } from "node:os"
import { join, relative } from "node:path"
import type { Flags } from "./flags.ts"
import { embeddedLog, linkRound, told } from "./linking.ts"
import type { Place } from "./place.ts"

const ROOT = join(import.meta.dirname, "../../../..")
const SHOWN = 15
/** What is no function, and what runs every other. */
const NEITHER = /^\((?:root|idle|program|garbage collector)\)|^runMicrotasks|^processTicksAndRejections/

const nameOf = ({ functionName, url, lineNumber }: Profiler.ProfileNode["callFrame"]): string =>
	`${functionName === "" ? "(anonymous)" : functionName}${url === "" ? "" : ` ${url.startsWith("file:") ? relative(ROOT, url.slice(7)) : url}:${lineNumber + 1}`}`

/** Of each function the share of all samples in which it, or what it called, was running. A recursive one counts once. */
const inclusive = ({ nodes, samples = [] }: Profiler.Profile): ReadonlyMap<string, number> => {
	const own = new Map<number, number>()
	for (const id of samples) own.set(id, (own.get(id) ?? 0) + 1)
	const byId = new Map(nodes.map((node) => [node.id, node]))
	const found = new Map<string, number>()
	const walk = (id: number, above: ReadonlySet<string>): number => {
		const node = byId.get(id)
		if (node === undefined) return 0
		const name = nameOf(node.callFrame)
		const path = new Set([...above, name])
		const all = (node.children ?? []).reduce((sum, child) => sum + walk(child, path), own.get(id) ?? 0)
		if (!above.has(name)) found.set(name, (found.get(name) ?? 0) + all)
		return all
	}
	const [root] = nodes
	if (root !== undefined) walk(root.id, new Set())
	return new Map([...found].map(([name, count]) => [name, count / samples.length]))
}

/** The linker of this process on the embedded log, profiled, after a warm-up. `(idle)` is waiting: for PostgreSQL, mostly. */
export const profileLinker = async (place: Place, { sizes: [size = 20_000] }: Flags): Promise<string> => {
	const session = new Session()
	const round = (events: number, around?: Parameters<typeof linkRound>[4]) =>
		place.on(async (stand) => {
			const log = await embeddedLog(stand)
			const answer = await linkRound(place, stand, log, events, around)
			await log.close()
			return answer
		})
	await round(Math.min(size, 2000))
	const file = join(tmpdir(), "yima-linker.cpuprofile")
	let shares: ReadonlyMap<string, number> = new Map()
	const { linked, cpu, perTurn, looks } = await round(size, async (work) => {
		session.connect()
		await session.post("Profiler.enable")
		await session.post("Profiler.setSamplingInterval", { interval: 500 })
		await session.post("Profiler.start")
		const answer = await work()
		const { profile } = await session.post("Profiler.stop")
		session.disconnect()
		writeFileSync(file, JSON.stringify(profile))
		shares = inclusive(profile)
		return answer
	})
	const special = ["(idle)", "(garbage collector)", "(program)"].map((name) => `${name} ${Math.round(100 * (shares.get(name) ?? 0))} %`)
	const top = [...shares]
		.filter(([name]) => !NEITHER.test(name))
		.sort(([, a], [, b]) => b - a)
		.slice(0, SHOWN)
	return `${size} events, ${Math.round(linked)} events/s; ${told(cpu.linker, cpu.postgres, perTurn, looks)}
${special.join(", ")}; profile: ${file}

| % of the time | function and what it called |
|---|---|
${top.map(([name, share]) => `| ${(100 * share).toFixed(1)} | \`${name}\` |`).join("\n")}`
}
