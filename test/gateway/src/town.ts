import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { MasterKey } from "@yima/access"
import { startEmbeddedDatabase } from "@yima/embedded-postgres"
import { Feed } from "@yima/feed"
import { type Gateway, gateway, type Open } from "@yima/gateway"
import { Owner, TICK } from "@yima/linker"
import { logKey } from "@yima/linking"
import type { LogRecord } from "@yima/log"
import { connect, DerivedReader, migrate, PostgresRegistry, Reader, Webhooks } from "@yima/registry"
import {
	type AnyEvent,
	decodeWire,
	type Entry,
	type Known,
	type Moment,
	type Sealer,
	type SubmitResult,
	sameBody,
	sealEvent,
	toCloudEvent,
} from "@yima/schemas"
import { type Json, testSealer } from "@yima/test-kit"
import { Result } from "effect"
import pg from "pg"

export const NOW = Date.parse("2026-06-01T00:00:00Z") * 1000

const CORPUS = join(import.meta.dirname, "../../../schemas/corpus")

export const corpus = (...families: readonly string[]): readonly Json[] =>
	readdirSync(CORPUS)
		.filter((file) => families.length === 0 || families.includes(file.replace(".jsonl", "")))
		.sort()
		.flatMap((file) =>
			readFileSync(join(CORPUS, file), "utf8")
				.split("\n")
				.filter((line) => line !== "")
				.map((line) => JSON.parse(line) as Json),
		)

/** As the door's drafts are before a person's key is fetched: blind indexes, no ciphertext. */
const unfilled: Sealer = (...args) => ({ ...testSealer(...args), cipher: "" })

const STORIES = join(import.meta.dirname, "../../../seeds/stories")

/** A story of the seeds, as its departments sent it. */
export const story = (name: string): readonly Json[] =>
	readFileSync(join(STORIES, `${name}.ndjson`), "utf8")
		.split("\n")
		.filter((line) => line !== "")
		.map((line) => JSON.parse(line) as Json)

/** What a linker writes. */
const EVERYTHING = ["position", "event", "mention", "link", "concern", "state", "finding", "deadline", "mailbox", "rejected", "derived", "account_request"]

export interface Answer {
	// biome-ignore lint/suspicious/noExplicitAny: what a question answers has the shape that the test has asked for
	readonly data: any
	readonly errors?: readonly { readonly message: string; readonly extensions: Readonly<Record<string, unknown>>; readonly path?: readonly unknown[] }[]
	readonly headers: Headers
}

/** A small town: a registry in PostgreSQL, fed by linkers' owners from a log that is a list, and the gateway before it. */
export interface Town {
	readonly gateway: Gateway
	readonly feed: Feed
	readonly webhooks: Webhooks
	/** Seals and logs events as the door does, then lets the owners work. */
	readonly submit: (events: readonly unknown[]) => Promise<readonly SubmitResult[]>
	readonly log: (value: string, key?: string) => LogRecord
	readonly work: () => Promise<void>
	readonly tick: () => void
	readonly entries: readonly Entry[]
	readonly ask: (query: string, variables?: object, headers?: Readonly<Record<string, string>>) => Promise<Answer>
	/** The statements that the reader has sent since this was asked last, without transactions'. */
	readonly statements: () => readonly string[]
	readonly clock: { now: number; isWorking: boolean }
	readonly failures: unknown[]
	/** Forgets everything: an empty registry, an empty log, the clock as at first. */
	readonly reset: () => Promise<void>
	readonly stop: () => Promise<void>
}

export const startTown = async ({ partitions = 2, open = null }: { readonly partitions?: number; readonly open?: Open | null } = {}): Promise<Town> => {
	const folder = mkdtempSync(join(tmpdir(), "yima-gateway-"))
	const database = await startEmbeddedDatabase(folder)
	await migrate(database.connectionString)
	const owner = new pg.Client({ connectionString: database.connectionString })
	await owner.connect()
	await owner.query("set search_path = yima")
	// A town outlives no test: no commit waits for the disk.
	await owner.query("alter system set fsync = off")
	await owner.query("select pg_reload_conf()")
	const pool = connect({ connectionString: database.connectionString })
	const readers = connect({ connectionString: database.connectionString })
	let sent: string[] = []
	readers.on("connect", (client) => {
		const query = client.query.bind(client) as (...args: unknown[]) => unknown
		Object.assign(client, {
			query: (...args: unknown[]) => {
				sent.push(typeof args[0] === "string" ? args[0] : (args[0] as { readonly text: string }).text)
				return query(...args)
			},
		})
	})
	const registry = new PostgresRegistry(pool, partitions)
	const reader = new Reader(readers, partitions)
	const clock = { now: NOW, isWorking: true }
	const offsets = Array.from({ length: partitions }, () => 0)
	const entries: Entry[] = []
	const failures: unknown[] = []
	const ownerOf = (partition: number) => new Owner({ partition, registry, incarnation: "1", now: () => clock.now as Moment, posted: () => undefined })
	const owners = offsets.map((_, partition) => ownerOf(partition))
	const partitionOf = (key: string) => [...key].reduce((sum, each) => sum + (each.codePointAt(0) ?? 0), 0) % partitions

	const append = (partition: number, value: string): LogRecord => {
		const offset = offsets[partition] ?? 0
		offsets[partition] = offset + 1
		clock.now += 1000
		const record: LogRecord = { partition, offset: BigInt(offset), appendedAt: clock.now, key: "", value }
		owners[partition]?.give([record])
		return record
	}
	const work = async () => {
		if (!clock.isWorking) return
		for (;;) {
			const steps = await Promise.all(owners.map((owner) => owner.step()))
			if (steps.every((step) => step === "idle")) return
		}
	}
	const tick = () => {
		for (const partition of offsets.keys()) append(partition, JSON.stringify({ type: TICK }))
	}
	const log = (value: string, key = "") => append(partitionOf(key), value)
	const submit = async (events: readonly unknown[]): Promise<readonly SubmitResult[]> => {
		const results = events.map((json): SubmitResult => {
			const read = decodeWire(json)
			const { source = "", id = "" } = json as { readonly source?: string; readonly id?: string }
			if (Result.isFailure(read)) return { status: "rejected", source, id, position: null, problems: read.failure }
			const event: AnyEvent = sealEvent(read.success, testSealer)
			const { partition, offset, appendedAt } = log(JSON.stringify(toCloudEvent(event)), logKey(event))
			entries.push({ event, known: appendedAt as Known, partition, offset })
			return { status: "accepted", source, id, position: `${partition}-${offset}`, problems: [] }
		})
		await work()
		return results
	}
	/** As the door answers what is recorded already; `submit` lets it in again, for the owners to find out. */
	const door = async (events: readonly unknown[]): Promise<readonly SubmitResult[]> => {
		const results: SubmitResult[] = []
		for (const json of events) {
			const read = decodeWire(json)
			const standing = Result.isSuccess(read) ? entries.find(({ event }) => event.key === read.success.key) : undefined
			if (Result.isFailure(read) || standing === undefined) results.push(...(await submit([json])))
			else {
				const { source, id } = read.success
				const isSame = sameBody(standing.event, sealEvent(read.success, testSealer))
				const problems = isSame ? [] : [{ code: "conflict" as const, pointer: "/id", message: "此 source 和 id 已有内容不同的事件" }]
				results.push({ status: isSame ? "duplicate" : "conflict", source, id, position: `${standing.partition}-${standing.offset}`, problems })
			}
		}
		return results
	}
	const key = new MasterKey(Buffer.alloc(32, 1))
	const webhooks = new Webhooks(readers)
	const feed = new Feed({
		// Not by the readers: their statements are counted.
		derived: new DerivedReader(pool),
		people: { events: (keys) => reader.snapshot((snapshot) => snapshot.events(keys)), open: open ?? (async (all) => all.map(() => null)) },
		key,
	})
	const served = gateway({
		reader,
		feed,
		subscribers: {
			webhooks,
			newSecret: (webhook) => ({ kept: key.wrap(`webhook:${webhook}`, Buffer.alloc(32, 2)), shown: `whsec_${Buffer.alloc(32, 2).toString("base64")}` }),
			objection: (url) => (URL.canParse(url) ? null : `url 不是网址:「${url}」`),
			ping: async ({ url }) => ({ status: 200, latencyMs: 1, request: `POST ${url}`, response: "", isDelivered: true }),
		},
		submit: door,
		tick: async () => {
			tick()
			await work()
		},
		examine: (event) => {
			const read = decodeWire(event)
			return Result.isFailure(read) ? Result.fail(read.failure) : Result.succeed(sealEvent(read.success, unfilled))
		},
		now: () => clock.now as Moment,
		open,
		failed: (error) => failures.push(error),
	})
	const ask: Town["ask"] = async (query, variables = {}, headers = {}) => {
		const response = await served.fetch(
			new Request("http://town/graphql", {
				method: "POST",
				headers: { "content-type": "application/json", accept: "application/json", ...headers },
				body: JSON.stringify({ query, variables }),
			}),
		)
		const answer = (await response.json()) as Omit<Answer, "headers">
		return { ...answer, headers: response.headers }
	}
	return {
		gateway: served,
		feed,
		webhooks,
		submit,
		log,
		work,
		tick,
		entries,
		ask,
		statements: () => {
			const all = sent.filter((each) => !/^(?:begin|commit|rollback)/i.test(each))
			sent = []
			return all
		},
		clock,
		failures,
		reset: async () => {
			// To truncate makes each table anew: of few rows, deleting takes an eighth of the time.
			await owner.query(EVERYTHING.map((each) => `delete from ${each}`).join("; "))
			entries.length = 0
			clock.now = NOW
			for (const partition of offsets.keys()) {
				offsets[partition] = 0
				owners[partition] = ownerOf(partition)
			}
		},
		stop: async () => {
			await feed.stop()
			await Promise.all([pool.end(), readers.end(), owner.end()])
			await database.stop()
			rmSync(folder, { recursive: true, force: true })
		},
	}
}
