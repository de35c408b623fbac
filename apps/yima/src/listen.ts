import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs"
import { setTimeout as pause } from "node:timers/promises"
import { parseArgs } from "node:util"
import { ask, gatewayUrl } from "./ask.ts"
import { type Command, NO, USAGE, YES } from "./command.ts"

const help = `用法:yima listen [--service water|power|gas|heat [--company 企业]] [--types 类型,…] [--families 门类,…] [--project 项目代码]
                [--severity BLOCK,…] [--after 游标] [--cursor 文件] [--report] [--count N] [--json]

在终端里试听派生事件(SSE /stream):说一件打印一件,断线自动从上次的游标续上。

  --service   一项服务的开户请求
  --company   其中只要发给这一家的
  --after     从这个游标之后听起;空("")是从头;不写则从现在起
  --cursor    把游标记在这个文件里:停下之后再来,从上次听到的地方接着听;还没有这个文件,就从 --after 起
  --report    每听到一件开户请求就回报受理(accepted),试着走完一来一回
  --count     听到 N 件就结束
  --json      原样打印每件的 JSON

退出码:0 听够了或被停止,1 没听够就结束了,2 用法有误或被拒绝`

interface Told {
	readonly id: string
	readonly type: string
	readonly subject?: string
	readonly time: string
	readonly data: Readonly<Record<string, unknown>>
}

const KINDS: Readonly<Record<string, string>> = { OPEN: "立户", CHANGE_HOLDER: "过户", AMEND: "更正", CANCEL: "撤销" }

const lineOf = ({ type, subject, time, data }: Told): string => {
	const at = time.slice(0, 19).replace("T", " ")
	if (!type.includes("account-requested")) return `${at}  ${type}  ${subject ?? ""}  ${JSON.stringify(data)}`
	const { kind, requestId, revision, address, company, holder } = data
	return `${at}  ${KINDS[String(kind)] ?? String(kind)}  ${String(requestId)} 第 ${String(revision)} 版  ${String(address ?? "")}  ${String(holder ?? "")}  → ${String(company)}`
}

/** What a stream of server-sent events tells, each with its id; an id alone too. */
async function* eventsIn(body: ReadableStream<Uint8Array>): AsyncGenerator<{ readonly id: string | null; readonly data: string | null }, void, void> {
	let text = ""
	for await (const part of body.pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>)) {
		text += part
		for (let end = text.indexOf("\n\n"); end >= 0; end = text.indexOf("\n\n")) {
			const block = text.slice(0, end)
			text = text.slice(end + 2)
			yield { id: /^id: (.*)$/m.exec(block)?.[1] ?? null, data: /^data: (.*)$/m.exec(block)?.[1] ?? null }
		}
	}
}

const REPORT = `mutation($input: AccountReport!) { reportAccount(input: $input) { status problems { message } } }`

/** What the registry says to it that a request is accepted, in a line. */
const reported = async ({ id, data }: Told): Promise<string> => {
	const { requestId, revision, service, company } = data
	const input = { requestId, revision, service: String(service).toUpperCase(), company, status: "ACCEPTED", orderNo: `试听-${id}` }
	const { reportAccount } = await ask<{ readonly reportAccount: { readonly status: string; readonly problems: readonly { readonly message: string }[] } }>(
		process.env,
		REPORT,
		{ input },
	)
	return [`    回报受理:${reportAccount.status}`, ...reportAccount.problems.map(({ message }) => message)].join("  ")
}

const isRequest = ({ type, data }: Told): boolean => type.includes("account-requested") && data["kind"] !== "CANCEL"

/** The file of the cursor cannot be written. */
class NotKept extends Error {
	readonly _tag = "NotKept"
}

/** Whole or not at all, whenever it is killed. */
const keep = (file: string, cursor: string): void => {
	try {
		writeFileSync(`${file}.new`, cursor)
		renameSync(`${file}.new`, file)
	} catch (cause) {
		throw new NotKept(`游标记不进 ${file}:${cause instanceof Error ? cause.message : String(cause)}`, { cause })
	}
}

/** Between tries, ms. */
const AGAIN = 1000

const OPTIONS = {
	service: { type: "string" },
	company: { type: "string" },
	types: { type: "string" },
	families: { type: "string" },
	project: { type: "string" },
	severity: { type: "string" },
	after: { type: "string" },
	cursor: { type: "string" },
	report: { type: "boolean", default: false },
	count: { type: "string" },
	json: { type: "boolean", default: false },
} as const

export const listen: Command = {
	help,
	run: async (args) => {
		const { values } = parseArgs({ args: [...args], options: OPTIONS })
		const { after, count, json, cursor: file, report, ...choice } = values
		const most = count === undefined ? Number.POSITIVE_INFINITY : Number(count)
		if (!(most > 0)) {
			console.error(help)
			return USAGE
		}
		const stop = new AbortController()
		for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => stop.abort())
		const kept = file !== undefined && existsSync(file) ? readFileSync(file, "utf8").trim() : null
		let [cursor, heard] = [kept ?? after ?? null, 0]
		while (!stop.signal.aborted) {
			const query = new URLSearchParams(Object.entries(choice).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])))
			if (cursor !== null) query.set("after", cursor)
			const url = `${gatewayUrl(process.env)}/stream?${query}`
			const response = await fetch(url, { signal: stop.signal }).catch(() => null)
			if (response !== null && !response.ok) {
				const { detail = `应答 ${response.status}` } = (await response.json().catch(() => ({}))) as { readonly detail?: string }
				console.error(detail)
				return USAGE
			}
			try {
				if (response?.body)
					for await (const { id, data } of eventsIn(response.body)) {
						if (data !== null) {
							const told = JSON.parse(data) as Told
							console.log(json ? data : lineOf(told))
							if (report && isRequest(told))
								console.error(await reported(told).catch((error: unknown) => `    回报未成:${error instanceof Error ? error.message : String(error)}`))
						}
						cursor = id ?? cursor
						// Behind what is printed and reported: whoever is killed in between hears it again.
						if (file !== undefined && id !== null) keep(file, id)
						if (data !== null && ++heard >= most) {
							stop.abort()
							return YES
						}
					}
			} catch (error) {
				if (error instanceof NotKept) {
					console.error(error.message)
					return NO
				}
				// The line was cut: it goes on from where it was.
			}
			if (!stop.signal.aborted) console.error("连接中断,从上次的游标续听……")
			await pause(AGAIN, undefined, { signal: stop.signal }).catch(() => undefined)
		}
		return heard >= most || count === undefined ? YES : NO
	},
}
