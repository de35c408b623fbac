import { parseArgs } from "node:util"
import { type Explanation, explain } from "@yima/unit-code"
import { type Command, NO, USAGE, YES } from "./command.ts"

const help = `用法:yima code [--json] CODE

说明一个不动产单元代码(28 位)、自然幢代码(24 位)或宗地代码(19 位);
不合规则时逐项指出,并给出可能的原意(只供参考,不会代为改正)。
CODE 可带空格、全角字符,可按 6-6-7-9 分组。

  --json      以 JSON 输出,供程序使用
  -h, --help  显示本说明

退出码:0 合规,1 不合规,2 用法有误`

const section = (title: string, lines: readonly string[]) => (lines.length === 0 ? [] : ["", title, ...lines.map((line) => `  ${line}`)])

const report = ({ title, formatted, levels, problems, warnings, suggestions }: Explanation): string =>
	[
		formatted === null ? title : `${title}:${formatted}`,
		...section(
			"组成",
			levels.map((level) => `${level.text.padEnd(9)}${level.title}:${level.meaning}`),
		),
		...section(
			"问题",
			problems.map(({ message }) => message),
		),
		...section(
			"留意",
			warnings.map(({ message }) => message),
		),
		...section(
			"是否指(未作改动)",
			suggestions.map(({ code, reason }) => `${code}  ${reason}`),
		),
	].join("\n")

export const code: Command = {
	help,
	run: (args) => {
		const { values, positionals } = parseArgs({ args: [...args], options: { json: { type: "boolean", default: false } }, allowPositionals: true })
		if (positionals.length === 0) {
			console.error(help)
			return USAGE
		}
		// Printed groups come as several arguments when the shell was given no quotes.
		const explanation = explain(positionals.join(" "))
		console.log(values.json ? JSON.stringify(explanation, null, 2) : report(explanation))
		return explanation.code === null ? NO : YES
	},
}
