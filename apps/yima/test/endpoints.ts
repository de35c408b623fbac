import { randomBytes } from "node:crypto"
import { createServer, type IncomingHttpHeaders, type ServerResponse } from "node:http"
import type { AddressInfo } from "node:net"
import { MasterKey } from "@yima/access"
import { type Network, parseNetwork, startCourier } from "@yima/courier"
import { startPostgres } from "@yima/embedded-postgres"
import { Feed } from "@yima/feed"
import { gateway } from "@yima/gateway"
import { connect, DerivedReader, migrate, PostgresRegistry, Reader, Webhooks } from "@yima/registry"
import type { Moment } from "@yima/schemas"
import { Webhook } from "standardwebhooks"
import { afterAll, afterEach, beforeAll, vi } from "vitest"
import { subscribersWith } from "../src/subscribing.ts"

const PARTITIONS = 2
const ALLOWED: readonly Network[] = [parseNetwork("127.0.0.0/8")].filter((each) => each !== null)
const LIMITS = { endpoint: { least: 20, most: 100 }, refused: { least: 20, most: 100 }, patience: 7 * 24 * 3600_000, window: 400, flush: 10, report: 10 }

/** A registry with nothing in it but what is said, a gateway and a courier before it: as the command puts them together, on a clock that can leap. */
const openOffice = async () => {
	const postgres = await startPostgres()
	await migrate(postgres.connectionString)
	const pool = connect(postgres)
	await new PostgresRegistry(pool, PARTITIONS).prepare(
		"1",
		Array.from({ length: PARTITIONS }, (_, partition) => ({ partition, low: 0n })),
	)
	const clock = { passed: 0 }
	const now = () => (Date.now() * 1000 + clock.passed) as Moment
	const key = new MasterKey(randomBytes(32))
	const feed = new Feed({ derived: new DerivedReader(pool), people: { events: async () => [], open: async (all) => all.map(() => null) }, key })
	const webhooks = new Webhooks(pool)
	const { fetch } = gateway({
		reader: new Reader(pool, PARTITIONS),
		feed,
		subscribers: subscribersWith({ webhooks, key, allowed: ALLOWED, now }),
		submit: async () => [],
		tick: async () => undefined,
		now,
	})
	const courier = startCourier({ feed, webhooks, key, allowed: ALLOWED, timeoutMs: 5000, leaseMs: 10_000, pollMs: 20, now, limits: LIMITS })
	return {
		clock,
		now,
		/** One more finding about a unit. */
		say: async (partition: number, subject: string): Promise<void> => {
			await pool.query(
				`with p as (update position set said = said + 1 where partition = $1 returning said)
					insert into derived (partition, number, parcel, type, subject, caused_by, said_at, data)
					select $1, said, $2, 'finding.raised', $3, 'urn:jz:a#1', $4, '{}' from p`,
				[partition, subject.slice(0, 19), subject, now()],
			)
			feed.hub.ring()
		},
		ask: async (query: string, variables: object = {}) => {
			const headers = { "content-type": "application/json", accept: "application/json" }
			const response = await fetch(new Request("http://office/graphql", { method: "POST", headers, body: JSON.stringify({ query, variables }) }))
			// biome-ignore lint/suspicious/noExplicitAny: what a question answers has the shape that the test has asked for
			const { data, errors } = (await response.json()) as { readonly data: any; readonly errors?: unknown }
			if (errors !== undefined) throw new Error(JSON.stringify(errors))
			return data
		},
		stop: async () => {
			await courier.stop()
			await feed.stop()
			await pool.end()
			await postgres.stop()
		},
	}
}

export interface Received {
	readonly headers: IncomingHttpHeaders
	readonly body: string
}

export const eventually = <A>(check: () => A | Promise<A>): Promise<A> => vi.waitFor(check, { timeout: 10_000, interval: 10 })

/** Whether an independent verifier takes what was received, at a moment (µs): it looks at the clock, too. */
export const takes = (secret: string, { headers, body }: Received, at: number): boolean => {
	vi.useFakeTimers({ now: at / 1000, toFake: ["Date"] })
	try {
		new Webhook(secret).verify(body, headers as Record<string, string>)
		return true
	} catch {
		return false
	} finally {
		vi.useRealTimers()
	}
}

/** An office for the tests of a file, and an endpoint for each of them. */
export const useOffice = () => {
	let office: Awaited<ReturnType<typeof openOffice>> | undefined
	beforeAll(async () => {
		office = await openOffice()
	}, 60_000)
	afterAll(() => office?.stop())
	const closing: (() => unknown)[] = []
	afterEach(async () => {
		for (const close of closing.splice(0).reverse()) await close()
	})
	const own = () => {
		if (office === undefined) throw new Error("there is no office before the first test")
		return office
	}
	return {
		get office() {
			return own()
		},
		/** An endpoint that answers as it is told, and hears of everything from now on. */
		endpoint: async (input: object, answer: (response: ServerResponse) => void) => {
			const received: Received[] = []
			const server = createServer((request, response) => {
				let body = ""
				request.setEncoding("utf8")
				request.on("data", (part) => (body += part))
				request.on("end", () => {
					received.push({ headers: request.headers, body })
					answer(response)
				})
			})
			await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
			const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/in`
			const { createWebhook } = await own().ask(`mutation($input: WebhookInput!) { createWebhook(input: $input) { id secret } }`, { input: { url, ...input } })
			const { id, secret } = createWebhook as { readonly id: string; readonly secret: string }
			closing.push(async () => {
				await own().ask(`mutation { removeWebhook(id: "${id}") }`)
				server.closeAllConnections()
				await new Promise((resolve) => server.close(resolve))
			})
			return {
				id,
				url,
				secret,
				received,
				mutate: async (name: string, what: string, more = "") => (await own().ask(`mutation { ${name}(id: "${id}"${more}) { ${what} } }`))[name],
				shown: async (what: string) =>
					(await own().ask(`{ webhooks { id ${what} } }`)).webhooks
						.map(({ id, ...rest }: { readonly id: string }) => ({ id, rest }))
						.find((each: { readonly id: string }) => each.id === id)?.rest,
				delivered: async (): Promise<readonly Delivery[]> => {
					const { deliveries } = await own().ask(`{ deliveries(webhook: "${id}", first: 100) { edges { node { id cursor subject status attempts } } } }`)
					return deliveries.edges.map(({ node }: { readonly node: Delivery }) => node)
				},
			}
		},
	}
}

export interface Delivery {
	readonly id: string
	readonly cursor: string
	readonly subject: string
	readonly status: string
	readonly attempts: number
}
