import { spawn } from "node:child_process"
import { existsSync } from "node:fs"
import { parseArgs } from "node:util"
import { type Command, NO, USAGE } from "./command.ts"
import { ConfigurationWrong } from "./configuration.ts"
import { GENERATOR } from "./demo.ts"

const help = `用法:yima generate [--units N] [--seed N] [--until YYYY-MM-DD] > 文件.ndjson

生成一座虚构城市各部门报送的事件,每行一条,按到达先后;同样的参数得到同样的内容。
可直接报送:yima generate --units 1000 | curl -sS -H 'content-type: application/x-ndjson' --data-binary @- http://127.0.0.1:4000/events

  --units N            户数(2448),多少都可以,内存占用不变
  --seed N             随机种子(1)
  --until YYYY-MM-DD   此日之后到达的不生成(2026-11-20)

退出码:0 已生成,2 用法有误`

const DATE = /^\d{4}-\d{2}-\d{2}$/

export const generate: Command = {
	help,
	run: async (args) => {
		const { values } = parseArgs({ args: [...args], options: { units: { type: "string" }, seed: { type: "string" }, until: { type: "string" } } })
		const { units, seed, until } = values
		for (const [name, text, isRight, rule] of [
			["units", units, (text: string) => /^[1-9]\d{0,8}$/.test(text), "正整数,至多九位"],
			["seed", seed, (text: string) => /^\d{1,6}$/.test(text), "非负整数,至多六位"],
			["until", until, (text: string) => DATE.test(text) && !Number.isNaN(Date.parse(text)), "日期 YYYY-MM-DD"],
		] as const)
			if (text !== undefined && !isRight(text)) {
				console.error(`--${name} 应为${rule},现为「${text}」`)
				return USAGE
			}
		if (!existsSync(GENERATOR)) throw new ConfigurationWrong("此安装不含演示城市的生成程序;请在源码目录中运行")
		const child = spawn(process.execPath, [GENERATOR, ...args], { stdio: "inherit" })
		return new Promise((resolve, reject) => {
			child.once("error", reject)
			child.once("exit", (code) => resolve(code ?? NO))
		})
	},
}
