import type { WebhookRow, Webhooks } from "@yima/registry"

/** How a ping fared. */
export interface Pinged {
	/** Null: no answer came. */
	readonly status: number | null
	readonly latencyMs: number
	readonly request: string
	readonly response: string
	readonly isDelivered: boolean
}

/** What managing endpoints needs of whoever sends to them. */
export interface Subscribers {
	readonly webhooks: Webhooks
	/** A new secret for an endpoint: as it is kept, and as its owner is shown it once. */
	readonly newSecret: (webhook: string) => { readonly kept: string; readonly shown: string }
	/** Why an address may not be an endpoint's; null: it may. */
	readonly objection: (url: string) => string | null
	/** Sends a signed ping. */
	readonly ping: (webhook: WebhookRow) => Promise<Pinged>
}
