import { parseArgs } from "node:util"
import { ask } from "./ask.ts"
import { type Command, NO, USAGE, YES } from "./command.ts"

const help = `用法:yima event [--json] SOURCE ID

一个事件报来之后怎样了:挂接到哪里、凭什么、从何时起;待挂接或被退回的,说明原因。

  --json      以 JSON 输出

退出码:0 有此事件,1 没有,2 用法有误或连不上`

const QUERY = `query Event($source: String!, $id: String!) {
	event(source: $source, id: $id) {
		state position
		event { title type occurredAt recordedAt department inForce }
		links { subject scope rule knownFrom knownTo through { kind value } }
		problems { code pointer message }
		parked { reason since candidates { scope code } }
	}
}`

interface Status {
	readonly state: string
	readonly position: string | null
	readonly event: {
		readonly title: string
		readonly occurredAt: string
		readonly recordedAt: string
		readonly department: string
		readonly inForce: boolean
	} | null
	readonly links: readonly {
		readonly subject: string
		readonly rule: string
		readonly knownFrom: string
		readonly knownTo: string | null
		readonly through: { readonly kind: string; readonly value: string } | null
	}[]
	readonly problems: readonly { readonly code: string; readonly pointer: string; readonly message: string }[]
	readonly parked: { readonly reason: string; readonly since: string; readonly candidates: readonly { readonly code: string }[] } | null
}

const STATES: Readonly<Record<string, string>> = {
	PLACED: "已挂接",
	PARKED: "待挂接",
	REJECTED: "被退回",
	CONFLICT: "同一编号内容冲突",
	DISMISSED: "登记员决定不予挂接",
	QUEUED: "在日志中排队",
}

const report = ({ state, position, event, links, problems, parked }: Status): string =>
	[
		`${STATES[state] ?? state}${event === null ? "" : `:${event.title},${event.department},${event.occurredAt}${event.inForce ? "" : "(不再有效)"}`}`,
		...(position === null ? [] : [`日志位置 ${position}`]),
		...links.map(
			(each) =>
				`挂接 ${each.subject}(${each.rule}${each.through === null ? "" : `:${each.through.kind} ${each.through.value}`}),自 ${each.knownFrom} 所知${each.knownTo === null ? "" : `,至 ${each.knownTo}`}`,
		),
		...(parked === null ? [] : [`原因 ${parked.reason},自 ${parked.since}`, ...parked.candidates.map(({ code }) => `候选 ${code}`)]),
		...problems.map(({ code, pointer, message }) => `问题 ${pointer} ${message}(${code})`),
	].join("\n")

export const event: Command = {
	help,
	run: async (args) => {
		const { values, positionals } = parseArgs({ args: [...args], options: { json: { type: "boolean", default: false } }, allowPositionals: true })
		const [source, id] = positionals
		if (source === undefined || id === undefined) {
			console.error(help)
			return USAGE
		}
		const { event: status } = await ask<{ readonly event: Status | null }>(process.env, QUERY, { source, id })
		if (status === null) {
			console.error(`没有来源「${source}」编号「${id}」的事件`)
			return NO
		}
		console.log(values.json ? JSON.stringify(status, null, 2) : report(status))
		return YES
	},
}
