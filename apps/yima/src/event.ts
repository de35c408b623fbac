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
		event { title type occurredAt recordedAt department inForce data }
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
		readonly data: Readonly<Record<string, unknown>>
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

/** Why an event waits, and what ends it. */
const REASONS: Readonly<Record<string, string>> = {
	UNKNOWN_IDENTIFIER: "所凭的编号还没有部门报过;报来后自动挂接,编号若是抄错,由登记员挂接(placeEvent)或由报送部门更正",
	DISPUTED: "所凭的编号有互相矛盾的说法;请由登记员挂接,或由说错的部门更正",
	TOO_COARSE: "只知道是哪一幢或哪一宗,不知道是哪一户;请由登记员挂接",
	NOT_ON_A_PARCEL: "代码尚未落宗,不能挂接",
}

/** The numbers by which an event could be placed. */
const numbersIn = (data: Readonly<Record<string, unknown>>): readonly string[] => {
	const own = Object.entries(data).flatMap(([name, value]) => (name.endsWith("No") && typeof value === "string" ? [`${name} ${value}`] : []))
	const { refs } = data
	const more = Array.isArray(refs)
		? (refs as readonly { readonly kind?: unknown; readonly value?: unknown }[]).map(({ kind, value }) => `${String(kind)} ${String(value)}`)
		: []
	return [...own, ...more]
}

const report = ({ state, position, event, links, problems, parked }: Status): string =>
	[
		`${STATES[state] ?? state}${event === null ? "" : `:${event.title},${event.department},${event.occurredAt}${event.inForce ? "" : "(不再有效)"}`}`,
		...(position === null ? [] : [`日志位置 ${position}`]),
		...links.map(
			(each) =>
				`挂接 ${each.subject}(${each.rule}${each.through === null ? "" : `:${each.through.kind} ${each.through.value}`}),自 ${each.knownFrom} 所知${each.knownTo === null ? "" : `,至 ${each.knownTo}`}`,
		),
		...(parked === null
			? []
			: [
					`原因 ${REASONS[parked.reason] ?? parked.reason}(${parked.reason},自 ${parked.since})`,
					...(event === null ? [] : numbersIn(event.data).map((each) => `编号 ${each}`)),
					...parked.candidates.map(({ code }) => `候选 ${code}`),
				]),
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
