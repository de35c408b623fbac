import { parseArgs } from "node:util"
import { ask } from "./ask.ts"
import { type Command, NO, YES } from "./command.ts"

const help = `用法:yima deliveries [端点编号] [--status WAITING|DELIVERED|HELD|FAILED] [--first N] [--json]

不写端点编号:列出各订阅端点,各自待投几件、扣住几件、几件须人工处理、最早的等了多久、为何不通,以及最近的通知。
写端点编号:列出投递记录,最近的在前。

  HELD 被拒收而扣住,或排在被扣住的后面;FAILED 被拒收满 7 天,须人工处理;WAITING 待重发

退出码:0 有,1 没有,2 用法有误或连不上`

interface Endpoint {
	readonly id: string
	readonly url: string
	readonly status: string
	readonly service: string | null
	readonly waiting: number
	readonly held: number
	readonly failed: number
	readonly oldestWaitingAt: string | null
	readonly reason: string | null
	readonly notices: readonly { readonly kind: string; readonly at: string; readonly reason: string }[]
}

interface Delivery {
	readonly id: string
	readonly type: string
	readonly subject: string
	readonly status: string
	readonly attempts: number
	readonly lastAttemptAt: string | null
	readonly nextAttemptAt: string | null
	readonly responseStatus: number | null
	readonly response: string | null
}

const ENDPOINTS = `{ webhooks { id url status service waiting held failed oldestWaitingAt reason notices { kind at reason } } }`
const DELIVERIES = `query($webhook: ID!, $status: DeliveryStatus, $first: Int) { deliveries(webhook: $webhook, status: $status, first: $first) {
	edges { node { id type subject status attempts lastAttemptAt nextAttemptAt responseStatus response } } } }`

const STATUS: Readonly<Record<string, string>> = { ACTIVE: "正常", FAILING: "不通", PAUSED: "暂停", DISABLED: "停用" }

const NOTICE: Readonly<Record<string, string>> = { FAILING: "不通", DISABLED: "停用", RECOVERED: "恢复", TASK: "须人工处理" }

/** So many of the latest notices are listed; JSON has them all. */
const MOST_NOTICES = 3

const endpointLines = ({ notices, ...endpoint }: Endpoint): readonly string[] => [
	endpointLine(endpoint),
	...notices.slice(0, MOST_NOTICES).map(({ kind, at, reason }) => `    ${at}  ${NOTICE[kind] ?? kind}  ${reason}`),
]

const endpointLine = ({ id, url, status, service, waiting, held, failed, oldestWaitingAt, reason }: Omit<Endpoint, "notices">): string =>
	[
		id,
		STATUS[status] ?? status,
		url,
		service ?? "",
		`待投 ${waiting}${waiting >= 1000 ? "+" : ""}`,
		`扣住 ${held}`,
		...(failed === 0 ? [] : [`须人工处理 ${failed}`]),
		...(oldestWaitingAt === null ? [] : [`最早 ${oldestWaitingAt}`]),
		...(reason === null ? [] : [reason]),
	].join("  ")

const deliveryLine = ({ id, type, subject, status, attempts, lastAttemptAt, nextAttemptAt, responseStatus, response }: Delivery): string =>
	[
		id.slice(id.indexOf(":") + 1),
		status,
		type,
		subject,
		`${attempts} 次`,
		...(lastAttemptAt === null ? [] : [lastAttemptAt]),
		...(responseStatus === null ? [] : [`应答 ${responseStatus}`]),
		...(nextAttemptAt === null ? [] : [`下次 ${nextAttemptAt}`]),
		...(status === "DELIVERED" || response === null ? [] : [response.slice(response.indexOf("\n\n") + 2).slice(0, 80)]),
	].join("  ")

export const deliveries: Command = {
	help,
	run: async (args) => {
		const { values, positionals } = parseArgs({
			args: [...args],
			options: { status: { type: "string" }, first: { type: "string", default: "50" }, json: { type: "boolean", default: false } },
			allowPositionals: true,
		})
		const [webhook] = positionals
		if (webhook === undefined) {
			const { webhooks } = await ask<{ readonly webhooks: readonly Endpoint[] }>(process.env, ENDPOINTS, {})
			console.log(values.json ? JSON.stringify(webhooks, null, 2) : webhooks.length === 0 ? "没有订阅端点" : webhooks.flatMap(endpointLines).join("\n"))
			return webhooks.length === 0 ? NO : YES
		}
		const variables = { webhook, status: values.status ?? null, first: Number(values.first) }
		const { deliveries: found } = await ask<{ readonly deliveries: { readonly edges: readonly { readonly node: Delivery }[] } }>(
			process.env,
			DELIVERIES,
			variables,
		)
		const all = found.edges.map(({ node }) => node)
		console.log(values.json ? JSON.stringify(all, null, 2) : all.length === 0 ? "没有投递记录" : all.map(deliveryLine).join("\n"))
		return all.length === 0 ? NO : YES
	},
}
