import { once } from "node:events"
import { createServer, type IncomingMessage, request } from "node:http"
import type { AddressInfo } from "node:net"
import { createServerAdapter } from "@whatwg-node/server"
import { Keyring, MasterKey, MemoryKeyStore } from "@yima/access"
import { type Log, type MemoryLog, memoryLog } from "@yima/log"
import { MemoryRegistry } from "@yima/registry"
import { type EventKey, type Known, type Moment, parseMoment, type SubmitResult } from "@yima/schemas"
import { type Door, type Intake, type IntakeOptions, intake } from "../src/index.ts"

export type Json = Readonly<Record<string, unknown>>

/** The day on which these stories happen. */
export const TODAY = Date.parse("2024-06-01T10:00:00+08:00")

/** Two natural persons buy a flat of a developer. */
export const sale = (id: string, envelope: Json = {}, data: Json = {}): Json => ({
	specversion: "1.0",
	id,
	source: "jz/410811/sales",
	type: "yima.sales.contract-filed.v1",
	subject: "410811001002GB00018F00030045",
	time: "2023-05-31T09:30:00+08:00",
	data: {
		contractNo: "202341081100018045",
		kind: "presale",
		seller: { name: "怀川置业有限公司", idKind: "uscc", idNumber: "91410800MA9X00101A" },
		buyers: [
			{ name: "甲三", idKind: "resident-id", idNumber: "410811190001010016", phone: "13912345678" },
			{ name: "甲四", idKind: "resident-id", idNumber: "41081119000102002X" },
		],
		signedOn: "2023-05-31",
		areaM2: "104.61",
		totalPriceCny: "842295.44",
		...data,
	},
	...envelope,
})

/** What a failing part does: nothing, until it is told. */
export interface Weather {
	log: Error | null
	registry: Error | null
	keys: Error | null
	/** Appends wait for this. */
	until: Promise<unknown>
}

export interface Place {
	readonly door: Intake
	/** What the door is built on: for another door onto the same. */
	readonly parts: Door
	readonly log: MemoryLog
	readonly keys: MemoryKeyStore
	readonly weather: Weather
	/** How many messages each append had. */
	readonly appends: readonly number[]
	readonly failures: readonly unknown[]
	/** All values in the log. */
	readonly logged: () => readonly string[]
	/** What the linker would do: everything in the log becomes history. */
	readonly link: () => Promise<void>
}

/** The door over a log, a registry and keys in memory. */
export const place = (options: Partial<IntakeOptions> = {}): Place => {
	const log = memoryLog({ partitions: 3 })
	const registry = new MemoryRegistry(3)
	const keys = new MemoryKeyStore()
	const weather: Weather = { log: null, registry: null, keys: null, until: Promise.resolve() }
	const appends: number[] = []
	const failures: unknown[] = []
	const stormy: Pick<Log, "append"> = {
		append: async (messages) => {
			appends.push(messages.length)
			await weather.until
			if (weather.log !== null) throw weather.log
			return log.append(messages)
		},
	}
	const parts: Door = {
		log: stormy,
		registry: {
			load: async (wanted) => {
				if (weather.registry !== null) throw weather.registry
				return registry.load(wanted)
			},
		},
		keyring: new Keyring(new MasterKey(Buffer.alloc(32, 7)), {
			...keys,
			ensure: async (offered) => {
				if (weather.keys !== null) throw weather.keys
				return keys.ensure(offered)
			},
		}),
		now: () => TODAY,
	}
	const door = intake({ ...parts, failed: (error) => failures.push(error), ...options })
	const records = () => [0, 1, 2].flatMap((partition) => log.held(partition))
	const link = async () => {
		for (const { partition, offset, value } of records()) {
			const { source, id, type, time } = JSON.parse(value) as { source: string; id: string; type: string; time: string }
			const key = `${source}#${id}` as EventKey
			const known = (1_000_000 + Number(offset)) as Known
			if (registry.events.has(key)) continue
			registry.events.set(key, [{ key, partition, offset, known, type, time: parseMoment(time) as Moment, body: value, turn: 1 }])
		}
	}
	return { door, parts, log, keys, weather, appends, failures, logged: () => records().map(({ value }) => value), link }
}

export interface Answer {
	readonly status: number
	readonly headers: IncomingMessage["headers"]
	readonly text: string
}

/** Sends by real HTTP; `body`: pieces, each written when the one before has been taken. */
export interface Wire {
	readonly port: number
	readonly post: (
		type: string,
		body: string | Uint8Array | Iterable<Uint8Array>,
		headers?: Readonly<Record<string, string>>,
		method?: string,
	) => Promise<Answer>
	readonly close: () => Promise<void>
}

export const served = async ({ door }: Pick<Place, "door">): Promise<Wire> => {
	const server = createServer(createServerAdapter((asked: Request) => door.fetch(asked)))
	server.listen(0, "127.0.0.1")
	await once(server, "listening")
	const { port } = server.address() as AddressInfo
	return {
		port,
		post: (type, body, headers = {}, method = "POST") =>
			new Promise((resolve, reject) => {
				const asked = request({ port, host: "127.0.0.1", method, path: "/events", headers: { "content-type": type, ...headers } }, (answer) => {
					const parts: Buffer[] = []
					answer.on("data", (part: Buffer) => parts.push(part))
					answer.on("error", reject)
					answer.on("end", () => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, text: Buffer.concat(parts).toString() }))
				})
				asked.on("error", reject)
				const pieces = typeof body === "string" || body instanceof Uint8Array ? [Buffer.from(body)] : body
				const iterator = pieces[Symbol.iterator]()
				const write = (): void => {
					const { done, value } = iterator.next()
					if (done === true) asked.end()
					else asked.write(value, () => setImmediate(write))
				}
				write()
			}),
		close: async () => {
			server.closeAllConnections()
			server.close()
			await once(server, "close")
		},
	}
}

export const results = (text: string): readonly SubmitResult[] =>
	text
		.trimEnd()
		.split("\n")
		.filter((line) => line !== "")
		.map((line) => JSON.parse(line) as SubmitResult)
