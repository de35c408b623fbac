import { Keyring, masterKey } from "@yima/access"
import { intake } from "@yima/intake"
import type { Message } from "@yima/log"
import { PostgresRegistry, personKeys } from "@yima/registry"
import type { Json } from "@yima/test-kit"
import { serve } from "./child.ts"
import { connections, exchange } from "./exchange.ts"
import type { Flags } from "./flags.ts"
import { batched, flying, secondsOf } from "./flying.ts"
import { endless } from "./given.ts"
import { embeddedLog } from "./linking.ts"
import type { Place, Stand } from "./place.ts"
import type { Round, Row } from "./row.ts"

/** Those that name two natural persons each, the same two in all three. */
const NAMING = new Set(["yima.sales.contract-filed.v1", "yima.tax.deed-tax-paid.v1", "yima.registration.transferred.v1"])

/** As the door takes a stream: pieces of so many, so many on their way. */
const PIECE = 500
const FLYING = 2

/** Events that are sent before, so that everybody has done it once. */
const WARMING = 1500

const naming = (count: number): readonly Json[] =>
	endless()
		.filter((each) => NAMING.has(String(each["type"])))
		.take(count)
		.toArray()

const accepted = (results: readonly { readonly status: string }[]): void => {
	const other = results.find((each) => each.status !== "accepted")
	if (other !== undefined) throw new Error(`not accepted: ${JSON.stringify(other)}`)
}

/** The same bytes by the bare client, in the same pieces. */
const appended = async (stand: Stand, messages: readonly Message[]): Promise<number> => {
	const log = await embeddedLog(stand, "bare")
	const send = (some: readonly Message[]) => flying(batched(some, PIECE), FLYING, (piece) => log.append(piece))
	await send(messages.slice(0, WARMING))
	await stand.settle()
	const seconds = await secondsOf(() => send(messages.slice(WARMING)))
	await log.close()
	return seconds
}

/** Over the door's function, in this process. Also gives what it put into the log. */
const byFunction = async (stand: Stand, events: readonly Json[]) => {
	const log = await embeddedLog(stand)
	const messages: Message[] = []
	const door = intake({
		log: {
			append: (some) => {
				messages.push(...some)
				return log.append(some)
			},
		},
		registry: new PostgresRegistry(stand.pool, log.partitions),
		keyring: new Keyring(masterKey(String(stand.env["YIMA_KEY"])), personKeys(stand.pool)),
	})
	const send = (some: readonly Json[]) => flying(batched(some, PIECE), FLYING, async (piece) => accepted(await door.submit(piece)))
	await send(events.slice(0, WARMING))
	await stand.settle()
	const seconds = await secondsOf(() => send(events.slice(WARMING)))
	await door.stop()
	await log.close()
	return { seconds, messages }
}

/** Over HTTP, as one stream of lines, to a process of its own. */
const byHttp = async (stand: Stand, events: readonly Json[]): Promise<number> => {
	const process = await serve(["intake"], stand.env)
	const agent = connections(1)
	const send = async (some: readonly Json[], body = Buffer.from(some.map((each) => `${JSON.stringify(each)}\n`).join(""))) =>
		secondsOf(async () => {
			const { text } = await exchange(agent, `${process.url}/events`, "application/x-ndjson", body)
			const results = text.trimEnd().split("\n")
			if (results.length !== some.length) throw new Error(`${some.length} events were sent, ${results.length} answers came: ${results.at(-1)}`)
			accepted(results.map((each) => JSON.parse(each) as { readonly status: string }))
		})
	await send(events.slice(0, WARMING))
	await stand.settle()
	const seconds = await send(events.slice(WARMING))
	agent.destroy()
	await process.stop()
	return seconds
}

/**
 * Intake with sealing, two natural persons in each event, two new ones every third: over the door's function, and over HTTP as a stream of lines to
 * `yima serve`; each ÷ the bare client's `append` of the same bytes. Embedded log, persons' keys in PostgreSQL.
 */
export const sealing = async (place: Place, { persons, rounds }: Flags): Promise<readonly Row[]> => {
	const events = naming(WARMING + persons)
	const [byCall, overHttp]: [Round[], Round[]] = [[], []]
	let bytes = 0
	for (let round = 0; round < rounds; round++) {
		const { called, messages, reference } = await place.on(async (stand) => {
			const { seconds, messages } = await byFunction(stand, events)
			return { called: persons / seconds, messages, reference: persons / (await appended(stand, messages)) }
		})
		bytes = messages.reduce((sum, each) => sum + Buffer.byteLength(each.value), 0) / messages.length
		byCall.push({ ours: called, reference })
		overHttp.push(await place.on(async (stand) => ({ ours: persons / (await byHttp(stand, events)), reference: persons / (await appended(stand, messages)) })))
	}
	const row = (what: string, all: readonly Round[]): Row => ({
		what: `intake ${what}: ${persons} events with two persons each`,
		by: "`append` of the same bytes",
		unit: "events/s",
		rounds: all,
		aim: "0.5",
		note: `${Math.round(bytes)} bytes an event, sealed`,
	})
	return [row("by the function", byCall), row("over HTTP, NDJSON", overHttp)]
}
