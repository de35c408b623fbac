import { randomBytes, randomUUID } from "node:crypto"
import { mkdtempSync, rmSync } from "node:fs"
import { createServer, type IncomingHttpHeaders, type ServerResponse } from "node:http"
import type { AddressInfo } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { MasterKey } from "@yima/access"
import { startEmbeddedDatabase } from "@yima/embedded-postgres"
import { Feed, writeCursor } from "@yima/feed"
import { connect, type Derived, DerivedReader, migrate, PostgresRegistry, type WebhookRow, type WebhookSettings, Webhooks } from "@yima/registry"
import type { EventKey, Known, Scope } from "@yima/schemas"
import { afterAll, afterEach, beforeAll, vi } from "vitest"
import { type CourierOptions, type Limits, parseNetwork, secretOf, startCourier } from "../src/index.ts"

/** As what these tests' endpoints are given is signed. */
export const SECRET = Buffer.from("01234567890123456789012345678901")

/** Short enough for tests to wait for. */
export const SHORT: Limits = {
	endpoint: { least: 20, most: 200 },
	refused: { least: 20, most: 200 },
	patience: 7 * 24 * 3600_000,
	window: 400,
	flush: 10,
	report: 10,
}

export const NOW = Date.parse("2026-06-01T00:00:00Z") * 1000
export const PARTITIONS = 2

/** A unit's derived row. */
export const said = (subject: string, n: number, more: Partial<Derived> = {}): Derived => ({
	parcel: subject.slice(0, 19),
	type: "finding.raised",
	subject: subject as Scope,
	causedBy: `urn:jz:a#${n}` as EventKey,
	saidAt: (NOW + n) as Known,
	data: JSON.stringify({ n }),
	projects: [],
	service: null,
	...more,
})

export const unit = (n: number): string => `410811001002GB00018F0001${String(n).padStart(4, "0")}`

/** A registry that has said nothing yet, and who carries what it says. */
export const openPost = async () => {
	const folder = mkdtempSync(join(tmpdir(), "yima-courier-"))
	const database = await startEmbeddedDatabase(folder)
	await migrate(database.connectionString)
	const pool = connect({ connectionString: database.connectionString, max: 20 })
	const registry = new PostgresRegistry(pool, PARTITIONS)
	await registry.prepare(
		"1",
		Array.from({ length: PARTITIONS }, (_, partition) => ({ partition, low: 0n })),
	)
	const key = new MasterKey(randomBytes(32))
	const newFeed = () => new Feed({ derived: new DerivedReader(pool), people: { events: async () => [], open: async (all) => all.map(() => null) }, key })
	const feed = newFeed()
	const webhooks = new Webhooks(pool)
	const turns = [0, 0]
	const allowed = [parseNetwork("127.0.0.0/8")].filter((each) => each !== null)
	return {
		pool,
		key,
		feed,
		newFeed,
		webhooks,
		allowed,
		/** What a partition says, in one turn. */
		say: async (partition: number, ...derived: readonly Derived[]) => {
			const turn = turns[partition] ?? 0
			const answer = await registry.commit(partition, turn, {
				next: BigInt(turn + 1),
				known: (NOW + turn) as Known,
				incarnation: "1",
				unchecked: null,
				events: [],
				mentions: [],
				links: [],
				concerns: [],
				states: [],
				rulings: [],
				mail: [],
				done: [],
				rejected: [],
				derived,
				requests: [],
			})
			if (answer !== "done") throw new Error(answer)
			turns[partition] = turn + 1
			feed.hub.ring()
		},
		subscribe: (url: string, more: Partial<WebhookSettings> & { readonly cursor?: string } = {}): Promise<WebhookRow> => {
			const id = randomUUID()
			return webhooks.create({
				id,
				url,
				service: null,
				company: null,
				families: null,
				types: null,
				project: null,
				severity: null,
				batchSize: 1,
				concurrency: 4,
				perSecond: null,
				secret: key.wrap(secretOf(id), SECRET),
				cursor: "",
				createdAt: NOW,
				...more,
			})
		},
		courier: (more: Partial<CourierOptions> = {}) =>
			startCourier({
				feed,
				webhooks,
				key,
				allowed,
				timeoutMs: 1000,
				leaseMs: 3000,
				pollMs: 20,
				now: () => Date.now() * 1000,
				limits: SHORT,
				...more,
			}),
		stop: async () => {
			await feed.stop()
			await pool.end()
			await database.stop()
			rmSync(folder, { recursive: true, force: true })
		},
	}
}

export type Post = Awaited<ReturnType<typeof openPost>>

export interface Received {
	readonly headers: IncomingHttpHeaders
	readonly body: string
}

/** What `n` stands in the one event of a request. */
export const numberIn = ({ body }: Received): number => (JSON.parse(body) as { readonly data: { readonly n: number } }).data.n

export const answers =
	(status: number, headers: Readonly<Record<string, string>> = {}, body = "") =>
	(_: unknown, response: ServerResponse): void => {
		response.writeHead(status, headers)
		response.end(body)
	}

/** An endpoint that answers as it is told. */
export const openReceiver = async (answer: (received: Received, response: ServerResponse) => void) => {
	const all: Received[] = []
	const server = createServer((request, response) => {
		let body = ""
		request.setEncoding("utf8")
		request.on("data", (part) => (body += part))
		request.on("end", () => {
			const received = { headers: request.headers, body }
			all.push(received)
			answer(received, response)
		})
	})
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
	return {
		url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/in`,
		all,
		/** What `n` stood in each event that came, in the order in which they came. */
		numbers: () => all.flatMap(({ body }) => [JSON.parse(body) as { data: { n: number } }].flat().map(({ data }) => data.n)),
		close: () => {
			server.closeAllConnections()
			return new Promise((resolve) => server.close(resolve))
		},
	}
}

export const eventually = <A>(check: () => A | Promise<A>): Promise<A> => vi.waitFor(check, { timeout: 10_000, interval: 10 })

/** A post for the tests of a file; what each of them opens is closed behind it. */
export const usePost = () => {
	let post: Post | undefined
	beforeAll(async () => {
		post = await openPost()
	}, 60_000)
	afterAll(() => post?.stop())
	const closing: (() => unknown)[] = []
	afterEach(async () => {
		for (const close of closing.splice(0).reverse()) await close()
	})
	const own = (): Post => {
		if (post === undefined) throw new Error("there is no post before the first test")
		return post
	}
	const here = async () => writeCursor(await own().feed.derived.end())
	return {
		get post() {
			return own()
		},
		closing,
		opened: async (answer: Parameters<typeof openReceiver>[0]) => {
			const receiver = await openReceiver(answer)
			closing.push(receiver.close)
			return receiver
		},
		going: (more: Partial<CourierOptions> = {}) => {
			const courier = own().courier(more)
			closing.push(courier.stop)
			return courier
		},
		/** From here on: what other tests have said is behind. */
		here,
		/** Until the end of the test, when nobody carries to it any more. */
		subscribed: async (url: string, more: Parameters<Post["subscribe"]>[1] = {}): Promise<WebhookRow> => {
			const row = await own().subscribe(url, { cursor: await here(), ...more })
			closing.push(() => own().webhooks.remove(row.id))
			return row
		},
		statuses: async (id: string) => (await own().webhooks.deliveries({ webhook: id }, null, 1000)).map((each) => each.status),
		webhook: async (id: string): Promise<WebhookRow> => {
			const row = await own().webhooks.find(id)
			if (row === null) throw new Error("no webhook")
			return row
		},
	}
}
