import { randomUUID } from "node:crypto"
import { readFileSync } from "node:fs"
import { parseArgs } from "node:util"
import { digest } from "@yima/lifecycle"
import { previewRuleSet } from "@yima/linker"
import { connect, PostgresRegistry } from "@yima/registry"
import { CONDITION_RULES, DEADLINE_RULES, FINDING_RULES, ruleSetOf } from "@yima/rules"
import { decodeWire, formatMoment, type LocalDate, type Moment, RuleContent, startOfDay } from "@yima/schemas"
import { Result } from "effect"
import { parse } from "yaml"
import { ask } from "./ask.ts"
import { systemNow as now } from "./clock.ts"
import { type Command, NO, USAGE, YES } from "./command.ts"
import { ConfigurationWrong } from "./configuration.ts"
import { databaseUrl } from "./database.ts"

const help = `用法:yima ruleset check|preview|adopt 文件 [--all]

规则集(seeds/rulesets/*.yaml)规定一个城市的误差、时限、必备事项与责任部门。
  check    检查文件
  preview  逐户试算:启用之后哪些户的就绪或条件会变;不写入任何东西
  adopt    启用:作为一个事件报送,自 fromOn 起生效;以前的结论仍按以前的规则

  --all         preview 列出全部有变化的户(默认列出前 50 户)
  DATABASE_URL  preview 所读的登记库(默认为运行中的一码)

退出码:0 完成(preview:没有变化),1 文件有误、未被接受,或 preview 有变化,2 用法有误或连不上`

/** A rule set as its file holds it. */
interface RuleSetFile {
	readonly name: string
	readonly version: string
	readonly fromOn: LocalDate
	readonly content: RuleContent
}

const SOURCE = "urn:yima:desk"

/** The event by which it is adopted; the door's own checks say what is wrong with a file. */
const adoption = ({ name, version, fromOn, content }: Record<string, unknown>) => ({
	specversion: "1.0",
	id: randomUUID(),
	source: SOURCE,
	type: "yima.registrar.ruleset-adopted.v1",
	time: formatMoment(now()),
	datacontenttype: "application/json",
	data: { ruleSet: { name, version, contentHash: digest(content) }, fromOn, content },
})

const ROOT = ["name", "version", "fromOn", "content"]

/** Names in the file that no rule knows: a misspelt one would silently leave the default. */
const strangers = (file: Record<string, unknown>): readonly string[] => {
	const content = (file["content"] ?? {}) as Record<string, unknown>
	const known: Readonly<Record<string, readonly string[]>> = {
		conditions: CONDITION_RULES.map((rule) => rule.id),
		findings: FINDING_RULES.map((rule) => rule.code),
		deadlines: DEADLINE_RULES.map((rule) => rule.id),
	}
	return [
		...Object.keys(file).filter((key) => !ROOT.includes(key)),
		...Object.keys(content)
			.filter((key) => !Object.hasOwn(RuleContent.fields, key))
			.map((key) => `content.${key}`),
		...Object.entries(known).flatMap(([part, ids]) =>
			Object.keys((content[part] ?? {}) as object)
				.filter((id) => !ids.includes(id))
				.map((id) => `content.${part}.${id}`),
		),
	]
}

const problemsOf = (file: unknown): readonly string[] => {
	if (typeof file !== "object" || file === null || Array.isArray(file)) return ["文件不是键值表"]
	const fields = file as Record<string, unknown>
	const decoded = decodeWire(adoption(fields))
	return [
		...strangers(fields).map((key) => `${key} 不是规则集的字段;请核对拼写`),
		...(Result.isFailure(decoded) ? decoded.failure.map(({ pointer, message }) => `${pointer.replace(/^\/data\/(?:ruleSet\/)?/, "")}: ${message}`) : []),
	]
}

/** Reads and checks a file; says all that is wrong with it. */
const readRuleSet = (path: string): RuleSetFile | readonly string[] => {
	let file: unknown
	try {
		file = parse(readFileSync(path, "utf8"), { strict: true, uniqueKeys: true })
	} catch (cause) {
		throw new ConfigurationWrong(`读不了 ${path}:${cause instanceof Error ? cause.message : String(cause)}`, { cause })
	}
	const problems = problemsOf(file)
	return problems.length === 0 ? (file as RuleSetFile) : problems
}

const preview = async (file: RuleSetFile, isAll: boolean): Promise<number> => {
	const pool = connect({ connectionString: databaseUrl(process.env), max: 2 })
	try {
		const asOf = Math.max(now(), startOfDay(file.fromOn)) as Moment
		const found = previewRuleSet(ruleSetOf(file.name, file.version, file.content), asOf, new PostgresRegistry(pool, 1))
		const byChange = new Map<string, number>()
		let [changed, gained, lost] = [0, 0, 0]
		for (;;) {
			const step = await found.next()
			if (step.done === true) {
				console.log(
					`按 ${file.name}@${file.version} 试算 ${step.value} 户(截至 ${formatMoment(asOf)}):${changed} 户有变化,其中转为可即交证 ${gained} 户,不再可即交证 ${lost} 户`,
				)
				for (const [what, units] of [...byChange].sort(([, a], [, b]) => b - a)) console.log(`  ${what}:${units} 户`)
				return changed === 0 ? YES : NO
			}
			const { unit, before, after, conditions } = step.value
			changed++
			if (before !== after && after) gained++
			if (before !== after && before) lost++
			for (const each of conditions) {
				const what = `${each.id} ${each.title} ${STATUSES[each.before]} → ${STATUSES[each.after]}`
				byChange.set(what, (byChange.get(what) ?? 0) + 1)
			}
			const ready = before === after ? "" : after ? " 转为可即交证" : " 不再可即交证"
			if (isAll || changed <= 50)
				console.log(`${unit}${ready} ${conditions.map((each) => `${each.id} ${STATUSES[each.before]} → ${STATUSES[each.after]}`).join(",")}`)
		}
	} finally {
		await pool.end()
	}
}

const STATUSES = { MET: "满足", UNMET: "未满足", WAIVED: "已豁免", NOT_APPLICABLE: "不适用" } as const

const SUBMIT = `mutation Adopt($events: [JSON!]!) { submitEvents(events: $events) { status position problems { pointer message } } }`

interface Submitted {
	readonly submitEvents: readonly {
		readonly status: string
		readonly position: string | null
		readonly problems: readonly { readonly pointer: string; readonly message: string }[]
	}[]
}

const adopt = async (file: RuleSetFile): Promise<number> => {
	const { submitEvents } = await ask<Submitted>(process.env, SUBMIT, { events: [adoption({ ...file })] })
	const [answer] = submitEvents
	if (answer?.status === "ACCEPTED") {
		console.log(`已启用 ${file.name}@${file.version},自 ${file.fromOn} 起生效(${answer.position})`)
		return YES
	}
	console.error((answer?.problems ?? []).map(({ pointer, message }) => `${pointer}: ${message}`).join("\n"))
	return NO
}

export const ruleset: Command = {
	help,
	run: async (args) => {
		const { values, positionals } = parseArgs({ args: [...args], options: { all: { type: "boolean", default: false } }, allowPositionals: true })
		const [what = "", path, ...more] = positionals
		if (!["check", "preview", "adopt"].includes(what) || path === undefined || more.length > 0) {
			console.error(help)
			return USAGE
		}
		const file = readRuleSet(path)
		if (!("name" in file)) {
			console.error(file.join("\n"))
			return NO
		}
		if (what === "preview") return preview(file, values.all)
		if (what === "adopt") return adopt(file)
		console.log(`${file.name}@${file.version} 可用,自 ${file.fromOn} 起`)
		return YES
	},
}
