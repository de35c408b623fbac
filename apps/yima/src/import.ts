import { createReadStream, existsSync, statSync, writeFileSync } from "node:fs"
import { stat } from "node:fs/promises"
import { createInterface } from "node:readline"
import { Readable, Transform } from "node:stream"
import { parseArgs } from "node:util"
import type { Count, ImportLine } from "@yima/intake"
import { type Refused, reportOf } from "@yima/sheets"
import { gatewayUrl } from "./ask.ts"
import { type Command, NO, USAGE, YES } from "./command.ts"
import { ConfigurationWrong } from "./configuration.ts"
import { type Line, lineOn } from "./progress.ts"

const help = `用法:yima import 文件 --profile 方案 [--dry-run] [--complete] [--report 文件]
      yima import 文件.ndjson

按映射方案把部门的表格(CSV、XLSX)变成事件,经同一道门报送;NDJSON 为每行一个事件,不用方案。
可以重复导入:没有变的行不报,变了的行报更正;中途停下后再导入一次即可。

  --profile 方案       映射方案的名字;yima profile list 列出全部
  --dry-run            只核对,不报送
  --complete           表中应有全部的行:以前报过而此次没有的行会列出
  --report 文件        没有导入的行与原因(默认 文件.未导入.csv);改好后可直接再导入

环境变量:YIMA_URL 服务的地址(默认为本机正在运行的一码)
退出码:0 全部导入,1 有的行没有导入,2 用法有误或不能导入`

/** What an answer's last line says where it breaks off. */
interface Broken {
	readonly status: string
	readonly problems: readonly { readonly message: string }[]
}

const linesOf = async (url: string, path: string, type: string, sent: (bytes: number) => void): Promise<AsyncIterable<string>> => {
	const counted = new Transform({
		transform: (piece: Buffer, _, done) => {
			sent(piece.length)
			done(null, piece)
		},
	})
	const body = Readable.toWeb(createReadStream(path).pipe(counted)) as ReadableStream
	const response = await fetch(url, { method: "POST", headers: { "content-type": type }, body, duplex: "half" } as RequestInit).catch((cause: unknown) => {
		throw new ConfigurationWrong(`连不上 ${new URL(url).origin};请先 yima start,或用 YIMA_URL 写明服务的地址`, { cause })
	})
	if (!response.ok || response.body === null) {
		const { title = "", detail = "" } = (await response.json().catch(() => ({}))) as { readonly title?: string; readonly detail?: string }
		throw new ConfigurationWrong(`${title}:${detail}`)
	}
	return createInterface({ input: Readable.fromWeb(response.body as Parameters<typeof Readable.fromWeb>[0]) })
}

const number = (value: number): string => value.toLocaleString("en")

const share = (done: number, total: number | null): string => {
	if (total === null || total === 0) return ""
	const filled = Math.min(20, Math.round((done * 20) / total))
	return `[${"█".repeat(filled)}${" ".repeat(20 - filled)}] ${Math.min(100, Math.floor((done * 100) / total))}% `
}

const summed = ({ rows, sent, corrections, unchanged, refused, skipped }: Count, isDry: boolean): string =>
	`${isDry ? "核对完毕,没有报送" : "导入完毕"}:${number(rows)} 行,${isDry ? "将报送" : "报送"} ${number(sent)} 个事件(其中更正 ${number(corrections)}),未变 ${number(unchanged)} 行,未导入 ${number(refused)} 行${skipped > 0 ? `,略过合计等 ${number(skipped)} 行` : ""}`

const reported = (refused: readonly Refused[], path: string): void => {
	for (const { place, problems } of refused.slice(0, 10))
		console.error(`  第 ${place} 行:${problems.map(({ column, value, message }) => `${column === "" ? "" : `${column}「${value}」`}${message}`).join(";")}`)
	if (refused.length > 10) console.error(`  …… 共 ${number(refused.length)} 行`)
	writeFileSync(path, reportOf(refused))
	console.error(`没有导入的行与原因:${path};改好后可直接再导入`)
}

/** How many vanished rows are named one by one. */
const NAMED = 20

const importSheet = async (path: string, report: string, query: URLSearchParams, line: Line): Promise<number> => {
	const refused: Refused[] = []
	const vanished: string[] = []
	let total: Count | null = null
	for await (const text of await linesOf(`${gatewayUrl(process.env)}/imports?${query}`, path, "application/octet-stream", () => undefined)) {
		const said = JSON.parse(text) as ImportLine | Broken
		if ("status" in said) {
			line.end()
			throw new ConfigurationWrong(`${said.problems.map((each) => each.message).join(";")}${total === null ? "" : "(以前的部分已导入,再导入一次即可接着做)"}`)
		}
		if ("waiting" in said) line.say("等登记库处理完日志……")
		if ("refused" in said) refused.push(said.refused)
		if ("vanished" in said) vanished.push(`${said.vanished.key}(${said.vanished.event})`)
		if ("otherSheets" in said) console.error(`没有所需表头、未读的工作表:${said.otherSheets.join("、")}`)
		if ("progress" in said) {
			total = said.progress
			line.say(`${share(said.progress.rows, said.progress.total)}${number(said.progress.rows)} 行,未导入 ${number(said.progress.refused)}`)
		}
		if ("done" in said) total = said.done
	}
	line.end()
	if (total === null) throw new ConfigurationWrong("服务在导入中断开了,再导入一次即可接着做")
	console.log(summed(total, query.has("dry-run")))
	if (vanished.length > 0)
		console.error(
			`以前报过、此次表中没有的行 ${number(vanished.length)} 个(没有撤回任何一个):${vanished.slice(0, NAMED).join("、")}${vanished.length > NAMED ? "……" : ""}`,
		)
	if (refused.length > 0) reported(refused, report)
	return refused.length > 0 ? NO : YES
}

interface Result {
	readonly status: string
	readonly problems: readonly { readonly code: string; readonly pointer: string; readonly message: string }[]
}

/** Events, one a line: each result belongs to the line at the same place that is not blank. */
const importEvents = async (path: string, report: string, line: Line): Promise<number> => {
	const counts = new Map<string, number>()
	const wrong = new Map<number, Result>()
	const { size } = await stat(path)
	let [bytes, at] = [0, 0]
	for await (const text of await linesOf(`${gatewayUrl(process.env)}/events`, path, "application/x-ndjson", (some) => {
		bytes += some
	})) {
		const result = JSON.parse(text) as Result
		if (!["accepted", "duplicate", "rejected", "conflict"].includes(result.status)) {
			line.end()
			throw new ConfigurationWrong(`${result.problems.map((each) => each.message).join(";")}(再导入一次即可接着做)`)
		}
		counts.set(result.status, (counts.get(result.status) ?? 0) + 1)
		if (result.problems.length > 0) wrong.set(at, result)
		at++
		if (at % 500 === 0) line.say(`${share(bytes, size)}${number(at)} 个事件,未导入 ${number(wrong.size)}`)
	}
	line.end()
	const count = (status: string) => number(counts.get(status) ?? 0)
	console.log(`导入完毕:${number(at)} 个事件,报送 ${count("accepted")},重复 ${count("duplicate")},未导入 ${number(wrong.size)}`)
	if (wrong.size === 0) return YES
	const [kept, told]: [string[], string[]] = [[], []]
	let n = 0
	for await (const text of createInterface({ input: createReadStream(path) })) {
		if (text.trim() === "") continue
		const result = wrong.get(n++)
		if (result === undefined) continue
		kept.push(text)
		told.push(`第 ${n} 个:${result.problems.map(({ code, pointer, message }) => `${message}(${code} ${pointer})`).join(";")}`)
	}
	for (const each of told.slice(0, 10)) console.error(`  ${each}`)
	writeFileSync(report, `${kept.join("\n")}\n`)
	console.error(`没有导入的事件:${report};改好后可直接再导入`)
	return NO
}

export const importFile: Command = {
	help,
	run: async (args) => {
		const { values, positionals } = parseArgs({
			args: [...args],
			allowPositionals: true,
			options: { profile: { type: "string" }, "dry-run": { type: "boolean" }, complete: { type: "boolean" }, report: { type: "string" } },
		})
		const [path, ...more] = positionals
		if (path === undefined || more.length > 0) {
			console.error(help)
			return USAGE
		}
		if (!existsSync(path) || !statSync(path).isFile()) throw new ConfigurationWrong(`没有文件「${path}」`)
		const isEvents = values.profile === undefined && /\.(?:ndjson|jsonl)$/i.test(path)
		if (values.profile === undefined && !isEvents) throw new ConfigurationWrong("表格要用 --profile 写明映射方案;yima profile list 列出全部")
		const line = lineOn(process.stderr)
		if (isEvents) return importEvents(path, values.report ?? `${path}.未导入.ndjson`, line)
		const query = new URLSearchParams({ profile: values.profile ?? "" })
		for (const each of ["dry-run", "complete"] as const) if (values[each]) query.set(each, "1")
		return importSheet(path, values.report ?? `${path}.未导入.csv`, query, line)
	},
}
