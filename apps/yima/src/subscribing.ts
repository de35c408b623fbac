import { randomUUID } from "node:crypto"
import type { MasterKey } from "@yima/access"
import { hostRefused, type Network, newSecret, openSender, responseOf, secretOf, sending, showSecret, verdictOf } from "@yima/courier"
import { ACCOUNT_REQUESTED, bodyOf, firstReport, type Outgoing, reportIn, requestIn } from "@yima/feed"
import type { Pinged, Subscribers } from "@yima/gateway"
import type { Intake } from "@yima/intake"
import type { DerivedRow, WebhookRow, Webhooks } from "@yima/registry"
import { formatMoment, type Moment } from "@yima/schemas"
import { systemNow } from "./clock.ts"

interface With {
	readonly webhooks: Webhooks
	readonly key: MasterKey
	readonly allowed: readonly Network[]
	readonly now: () => Moment
}

/** A ping waits so long, ms. */
const PATIENCE = 10_000

const objection = (url: string, allowed: readonly Network[]): string | null => {
	if (!URL.canParse(url)) return `url 不是网址:「${url.slice(0, 100)}」`
	const target = new URL(url)
	if (target.protocol !== "https:" && target.protocol !== "http:") return `url 应以 https:// 开头,现为「${target.protocol}」`
	if (target.username !== "" || target.password !== "") return "url 不能带用户名或口令:请以签名核验来者"
	const refused = hostRefused(target, allowed)
	if (refused !== null) return refused.message
	// In clear only within the networks that are our own to trust: where a name leads is seen when it is connected to.
	return target.protocol === "https:" || allowed.length > 0 ? null : "url 应以 https:// 开头:公网上不以明文投递"
}

const ping = (now: Moment): Outgoing => ({
	specversion: "1.0",
	id: `ping-${randomUUID()}`,
	source: "urn:yima:registry",
	type: "yima.webhook.pinged.v1",
	time: formatMoment(now),
	causedby: "",
	datacontenttype: "application/json",
	data: {},
})

/** What the gateway needs to manage endpoints, of the courier's own parts. */
export const subscribersWith = ({ webhooks, key, allowed, now }: With): Subscribers => ({
	webhooks,
	newSecret: (webhook) => {
		const secret = newSecret()
		return { kept: key.wrap(secretOf(webhook), secret), shown: showSecret(secret) }
	},
	objection: (url) => objection(url, allowed),
	ping: async (webhook): Promise<Pinged> => {
		const sender = openSender({ url: webhook.url, timeoutMs: PATIENCE, connections: 1, allowed })
		try {
			const event = ping(now())
			const text = JSON.stringify(event)
			const { answer, latencyMs, request } = await sending(webhook, sender, key, now)(event.id, [text])
			return {
				status: answer.is === "answered" ? answer.status : null,
				latencyMs,
				request: `${request}\n\n${bodyOf([text], webhook.batchSize > 1)}`,
				response: responseOf(answer),
				isDelivered: verdictOf(answer, now() / 1000).is === "delivered",
			}
		} finally {
			await sender.close()
		}
	},
})

/**
 * What the endpoint of one service's company answers may report what has become of the request; it goes in by the door, as everything does.
 * Who hears of requests without being asked reports nothing. Resolves with why the door refused it; fails as the door does: then the
 * report is not in the log, and the event is to be delivered again.
 */
export const reportBack = async (
	{ service }: Pick<WebhookRow, "service">,
	row: DerivedRow,
	body: string,
	door: Pick<Intake, "submit">,
	webhooks: Pick<Webhooks, "reportedAt">,
): Promise<string | null> => {
	const report = row.type === ACCOUNT_REQUESTED && service !== null ? reportIn(body) : null
	if (report === null) return null
	const [result] = await door.submit([await firstReport(requestIn(row), report, systemNow(), webhooks)])
	return result === undefined || result.status === "accepted" || result.status === "duplicate" ? null : result.problems.map(({ message }) => message).join(";")
}
