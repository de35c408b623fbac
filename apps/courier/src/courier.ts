import { createSecretKey, type KeyObject, randomUUID } from "node:crypto"
import { setTimeout as pause } from "node:timers/promises"
import type { MasterKey } from "@yima/access"
import { bodyOf, type Feed } from "@yima/feed"
import type { DerivedRow, WebhookRow, Webhooks } from "@yima/registry"
import type { Network } from "./address.ts"
import { Carrier, type Limits } from "./carrier.ts"
import { openSender, type Sender, type Sent } from "./sender.ts"
import { signed } from "./signature.ts"
import type { Verdict } from "./verdict.ts"

export interface CourierOptions {
	readonly feed: Feed
	readonly webhooks: Webhooks
	readonly key: MasterKey
	/** Inner networks that endpoints may lie in. */
	readonly allowed: readonly Network[]
	/** For one request, from the first byte to the last, ms. */
	readonly timeoutMs?: number
	/** How long an endpoint is ours after it was taken or renewed, ms: longer than a request, so that nobody else sends while ours is under way. */
	readonly leaseMs?: number
	/** How often endpoints that nobody has are looked for, ms. */
	readonly pollMs?: number
	/** µs. */
	readonly now: () => number
	readonly random?: () => number
	readonly limits?: Limits
	readonly sent?: (verdict: Verdict["is"], latencyMs: number) => void
	/** Takes what an endpoint's answer says of an event, and resolves with why that was refused; where it fails, the event is delivered again. */
	readonly answered?: (webhook: WebhookRow, row: DerivedRow, body: string) => Promise<string | null>
	readonly failed?: (error: unknown) => void
}

/** The lease is not longer than a request may take. */
export class LeaseTooShort extends Error {
	readonly _tag = "LeaseTooShort"
	constructor(leaseMs: number, timeoutMs: number) {
		super(`投递租约(${leaseMs} 毫秒)应长于请求时限(${timeoutMs} 毫秒)的 1.5 倍:租约先到期,两个投递进程会重复投递`)
	}
}

export interface Courier {
	/** The endpoints that this process carries to. */
	readonly carried: () => readonly string[]
	/** Finishes what is under way and gives its endpoints back. */
	readonly stop: () => Promise<void>
}

const MOST_TAKEN = 50

/** The name under which an endpoint's secret is wrapped. */
export const secretOf = (id: string): string => `webhook:${id}`

/** The secrets that are valid at a moment, µs: after a rotation two for a day. */
const secretsOf = ({ id, secret, oldSecret, oldUntil }: WebhookRow, key: MasterKey): ((now: number) => readonly KeyObject[]) => {
	const opened = (wrapped: string) => createSecretKey(key.unwrap(secretOf(id), wrapped))
	const own = opened(secret)
	const old = oldSecret === null ? null : opened(oldSecret)
	return (now) => (old !== null && oldUntil !== null && now < oldUntil ? [own, old] : [own])
}

/** Sends events to an endpoint as it is set, signed. `request`: the headers as they are kept. */
export const sending = (webhook: WebhookRow, sender: Sender, key: MasterKey, now: () => number) => {
	const secrets = secretsOf(webhook, key)
	const isBatch = webhook.batchSize > 1
	return async (id: string, events: readonly string[]): Promise<Sent & { readonly request: string }> => {
		const body = bodyOf(events, isBatch)
		const seconds = Math.floor(now() / 1_000_000)
		const plain = { "content-type": isBatch ? "application/cloudevents-batch+json" : "application/cloudevents+json", "user-agent": "yima" }
		const signature = signed(secrets(now()), id, seconds, body)
		// Who reads the record of it could send it again with the signature.
		const shown = Object.entries({ ...plain, "webhook-id": id, "webhook-timestamp": seconds }).map(([name, value]) => `${name}: ${value}`)
		return { ...(await sender.send({ ...plain, ...signature }, body)), request: shown.join("\n") }
	}
}

/** Carries the derived stream to every endpoint that is not paused or disabled; several couriers share them evenly, by leases. */
export const startCourier = (options: CourierOptions): Courier => {
	const {
		feed,
		webhooks,
		key,
		allowed,
		timeoutMs = 10_000,
		leaseMs = 30_000,
		pollMs = 500,
		now,
		random = Math.random,
		limits,
		sent,
		answered,
		failed,
	} = options
	if (leaseMs < timeoutMs * 1.5) throw new LeaseTooShort(leaseMs, timeoutMs)
	const holder = randomUUID()
	const stopping = new AbortController()
	const carriers = new Map<string, { readonly carrier: Carrier; readonly lease: number; readonly over: Promise<void>; renewedAt: number }>()

	/** `renewedAt`: when it was asked for, for the lease may be as old as that. */
	const carry = (webhook: WebhookRow, renewedAt: number) => {
		const sender = openSender({ url: webhook.url, timeoutMs, connections: webhook.concurrency, allowed })
		const carrier = new Carrier({
			webhook,
			feed,
			webhooks,
			send: sending(webhook, sender, key, now),
			now,
			random,
			...(limits === undefined ? {} : { limits }),
			...(sent === undefined ? {} : { sent }),
			// Past the end of the lease nobody can say whose it is; what is sent now may take as long as a request may.
			isHeld: () => performance.now() - (carriers.get(webhook.id)?.renewedAt ?? renewedAt) < leaseMs - timeoutMs,
			...(answered === undefined ? {} : { answered: (row, body) => answered(webhook, row, body) }),
			...(failed === undefined ? {} : { failed }),
		})
		const over = carrier
			.run()
			.catch((error: unknown) => failed?.(error))
			.then(async () => {
				if (carriers.get(webhook.id)?.carrier === carrier) carriers.delete(webhook.id)
				await Promise.allSettled([sender.close(), webhooks.release(webhook.id, webhook.lease)])
			})
		carriers.set(webhook.id, { carrier, lease: webhook.lease, over, renewedAt })
	}

	const look = async (): Promise<void> => {
		const share = await webhooks.share(holder, leaseMs / 1000)
		// Who pauses an endpoint or sets it otherwise takes its lease away: that shows here, at every look.
		const held = [...carriers].map(([id, { lease }]) => ({ id, lease }))
		if (held.length > 0) {
			const asked = performance.now()
			const ours = await webhooks.renew(held, leaseMs / 1000)
			for (const { id, lease } of held) {
				const each = carriers.get(id)
				// Meanwhile it may be carried to anew.
				if (each?.lease !== lease) continue
				if (ours.has(id)) each.renewedAt = asked
				else each.carrier.lose()
			}
			// What is more than our part is left to who came later.
			for (const { id } of held.filter((each) => ours.has(each.id)).slice(share)) carriers.get(id)?.carrier.stop()
		}
		const askedAt = performance.now()
		const room = Math.min(MOST_TAKEN, share - carriers.size)
		for (const webhook of room > 0 ? await webhooks.take(holder, leaseMs / 1000, room) : []) {
			// What we had was set otherwise meanwhile: what is under way for it no longer counts.
			const before = carriers.get(webhook.id)
			before?.carrier.lose()
			void (before?.over ?? Promise.resolve())
				.then(() => (stopping.signal.aborted ? webhooks.release(webhook.id, webhook.lease) : carry(webhook, askedAt)))
				.catch(failed)
		}
	}

	const run = async () => {
		while (!stopping.signal.aborted) {
			await look().catch((error: unknown) => failed?.(error))
			await pause(pollMs * (0.75 + random() / 2), undefined, { signal: stopping.signal }).catch(() => undefined)
		}
	}
	const running = run()
	return {
		carried: () => [...carriers.keys()],
		stop: async () => {
			stopping.abort()
			await running
			for (const { carrier } of carriers.values()) carrier.stop()
			await webhooks.leave(holder).catch((error: unknown) => failed?.(error))
			await Promise.all([...carriers.values()].map(({ over }) => over))
		},
	}
}
