import { setTimeout as pause } from "node:timers/promises"
import { replayHistory, startLinker } from "@yima/linker"
import { type Log, openEmbeddedLog, openKafkaLog } from "@yima/log"
import { PostgresRegistry, Shadow } from "@yima/registry"
import type { Moment } from "@yima/schemas"
import { summary } from "../summary.ts"
import type { Flags } from "./flags.ts"
import { secondsOf } from "./flying.ts"
import { endless, fill, type Given, given } from "./given.ts"
import type { Place, Stand } from "./place.ts"
import { plainCopy } from "./plain-copy.ts"
import { isWorkedOff } from "./reached.ts"
import type { Row, Skipped } from "./row.ts"

export const PARTITIONS = 12
export const TOPIC = "yima.events"

/** How often it is looked whether all is done, ms. */
const LOOK = 30

export const now = () => (Date.now() * 1000) as Moment

export const embeddedLog = ({ connectionString }: Stand, topic = TOPIC): Promise<Log> => openEmbeddedLog({ connectionString, topic, partitions: PARTITIONS })

/** Until history and states hold all that the log holds, letters and checks too. */
export const workedOff = async ({ pool }: Stand, log: Log): Promise<void> => {
	// Asked anew each time: a linker process ticks its log.
	while (!(await isWorkedOff(pool, log))) await pause(LOOK)
}

/** What links while `work` goes on. */
export type Around = <A>(work: () => Promise<A>) => Promise<A>

/** Seconds in which the linker of this process works off what the log holds. */
export const linked = async (stand: Stand, log: Log, around: Around = (work) => work()): Promise<number> => {
	await stand.settle()
	return around(async () => {
		const start = performance.now()
		const registry = new PostgresRegistry(stand.pool, log.partitions)
		await registry.prepare(await log.incarnation(), await log.watermarks())
		const linker = await startLinker({ log, registry, now })
		await workedOff(stand, log)
		const seconds = (performance.now() - start) / 1000
		await linker.stop()
		return seconds
	})
}

/** One round: the same events copied, and linked from a log that holds them already. */
export interface LinkRound {
	readonly copied: number
	readonly linked: number
	/** Processor time of an event, µs: in this process, and in PostgreSQL. */
	readonly cpu: { readonly linker: number; readonly postgres: number }
	/** Events of a turn, and how often an event was settled. */
	readonly perTurn: number
	readonly looks: number
}

const outcome = async ({ owner }: Stand) => {
	const { rows } = await owner.query<{ readonly events: number; readonly turns: number; readonly looks: number }>(
		`select (select count(*)::int from yima.event) as events, (select sum(turn)::int from yima.position) as turns, (select sum(version)::int from yima.link) as looks`,
	)
	return rows[0] ?? { events: 0, turns: 0, looks: 0 }
}

export const linkRound = async (place: Place, stand: Stand, log: Log, size: number, around?: Around): Promise<LinkRound> => {
	const events = (): Iterable<Given> => given(endless(), size)
	await fill(log, events())
	await stand.settle()
	const copied = await plainCopy(stand.owner, events())
	const [own, server] = [process.cpuUsage(), place.cpu() ?? 0]
	const seconds = await linked(stand, log, around)
	const { user, system } = process.cpuUsage(own)
	const postgres = (((place.cpu() ?? 0) - server) * 1000) / size
	const { events: held, turns, looks } = await outcome(stand)
	if (held !== size) throw new Error(`${size} events were given, history holds ${held}`)
	return { copied: size / copied, linked: size / seconds, cpu: { linker: (user + system) / size, postgres }, perTurn: size / turns, looks: looks / size }
}

/** Events/s of the same history taken into a shadow, which must come out as the live registry is. */
const replayed = async ({ connectionString, settle }: Stand, size: number): Promise<number> => {
	const shadow = await Shadow.open(connectionString, connectionString, true)
	try {
		await settle()
		const seconds = await secondsOf(() => replayHistory(shadow.registry, shadow.history, now))
		if (!(await shadow.hold(now()))) throw new Error("the linkers still owe something")
		const [difference] = await shadow.differences(1)
		if (difference !== undefined) throw new Error(`replay gives something else: ${JSON.stringify(difference)}`)
		await shadow.abandon()
		return size / seconds
	} finally {
		await shadow.close()
	}
}

/** Where the time of a round went. */
export const told = (linker: number, postgres: number, perTurn: number, looks: number): string =>
	`processor µs an event: linker ${Math.round(linker)}, PostgreSQL ${Math.round(postgres)}; ${perTurn.toFixed(1)} events a turn; an event is settled ${looks.toFixed(1)} times`

const rowOf = (log: string, rounds: readonly LinkRound[], size: number): Row => {
	const median = (of: (round: LinkRound) => number) => summary(rounds.map(of)).median
	return {
		what: `link, ${log}: ${size} events until worked off`,
		by: "`COPY` into one table",
		unit: "events/s",
		rounds: rounds.map(({ linked: ours, copied: reference }) => ({ ours, reference })),
		aim: "0.30, hoped 0.45",
		note: told(
			median((each) => each.cpu.linker),
			median((each) => each.cpu.postgres),
			median((each) => each.perTurn),
			median((each) => each.looks),
		),
	}
}

/** Rounds one after the other, each told which it is. */
const repeated = async <A>(rounds: number, round: (at: number) => Promise<A>): Promise<readonly A[]> => {
	const found: A[] = []
	for (let at = 0; at < rounds; at++) found.push(await round(at))
	return found
}

/**
 * Link throughput: from a log that is full to committed history and states, on the embedded log and on one Kafka broker, ÷ `COPY` of the
 * same events into one table of the same PostgreSQL. And replay of that history ÷ the live linking of the same round. Linker, PostgreSQL
 * and broker share this machine.
 */
export const linking = async (place: Place, { sizes: [size = 20_000], rounds }: Flags): Promise<readonly (Row | Skipped)[]> => {
	await place.on(async (stand) => {
		const log = await embeddedLog(stand)
		await linkRound(place, stand, log, Math.min(size, 2000))
		await log.close()
	})
	const live = await repeated(rounds, () =>
		place.on(async (stand) => {
			const log = await embeddedLog(stand)
			const round = await linkRound(place, stand, log, size)
			await log.close()
			return { ...round, replayed: await replayed(stand, size) }
		}),
	)
	const replay: Row = {
		what: "replay into a shadow",
		by: "live linking, embedded log",
		unit: "events/s",
		rounds: live.map(({ replayed: ours, linked: reference }) => ({ ours, reference })),
		aim: "2",
	}
	return [rowOf("embedded log", live, size), await onKafka(place, size, rounds), replay]
}

const onKafka = async (place: Place, size: number, rounds: number): Promise<Row | Skipped> => {
	const { findKafka } = await import("@yima/kafka-brokers")
	const found = await findKafka()
	if (found.how === "none") {
		console.error(`NO KAFKA, its row is skipped: ${found.reason}`)
		return { what: "link, Kafka", skipped: found.reason }
	}
	// kafkajs asks for it; one warning is enough.
	process.env["KAFKAJS_NO_PARTITIONER_WARNING"] = "1"
	const kafka = await found.start()
	try {
		const all = await repeated(rounds, (at) =>
			place.on(async (stand) => {
				const log = await openKafkaLog({ brokers: kafka.brokers, topic: `yima.bench.${process.pid}.${at}`, partitions: PARTITIONS })
				try {
					return await linkRound(place, stand, log, size)
				} finally {
					await log.close()
				}
			}),
		)
		return rowOf(`Kafka, one broker (${found.how})`, all, size)
	} finally {
		await kafka.stop()
	}
}
