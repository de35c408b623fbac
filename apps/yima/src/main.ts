#!/usr/bin/env node
import { type Command, USAGE, YES } from "./command.ts"
import { ConfigurationWrong } from "./configuration.ts"

/** Each command with its line in the list; what it needs is loaded when it is called. */
const COMMANDS: Readonly<Record<string, { readonly summary: string; readonly load: () => Promise<Command> }>> = {
	start: { summary: "启动全部部件(默认用内置数据库与日志),首次启动装入演示数据", load: async () => (await import("./start.ts")).start },
	serve: { summary: "启动所选部件,供生产环境分开部署", load: async () => (await import("./start.ts")).serve },
	import: { summary: "导入部门的表格或事件文件(CSV、XLSX、NDJSON)", load: async () => (await import("./import.ts")).importFile },
	profile: { summary: "列出、检查表格的映射方案,或由表头拟一份", load: async () => (await import("./profile.ts")).profile },
	unit: { summary: "显示一个不动产单元的全程", load: async () => (await import("./unit.ts")).unit },
	project: { summary: "显示一个项目:可即交证几户、被什么挡住、轮到谁", load: async () => (await import("./project.ts")).project },
	event: { summary: "一个事件报来之后怎样了", load: async () => (await import("./event.ts")).event },
	code: { summary: "说明一个代码,或指出其错误", load: async () => (await import("./code.ts")).code },
	listen: { summary: "在终端里试听派生事件,例如某项服务的开户请求", load: async () => (await import("./listen.ts")).listen },
	deliveries: { summary: "各订阅端点怎样了,投递了什么,扣住了什么", load: async () => (await import("./deliveries.ts")).deliveries },
	ruleset: { summary: "检查、试算、启用一个规则集", load: async () => (await import("./ruleset.ts")).ruleset },
	hash: { summary: "打印全部内容的哈希,一行", load: async () => (await import("./hash.ts")).hash },
	replay: { summary: "由历史重算,比较,换上", load: async () => (await import("./replay.ts")).replay },
	migrate: { summary: "建立或升级登记库的表", load: async () => (await import("./migrate.ts")).migrate },
	backup: { summary: "备份登记库与内置日志到一个文件,其间照常使用", load: async () => (await import("./backup.ts")).backup },
	restore: { summary: "把备份恢复到一个空的登记库", load: async () => (await import("./restore.ts")).restore },
	log: { summary: "接受一个被重建或截断的日志(log adopt)", load: async () => (await import("./log.ts")).log },
	generate: { summary: "生成一座虚构城市的事件,多少户都可以", load: async () => (await import("./generate.ts")).generate },
	completion: { summary: "打印 bash、zsh 或 fish 的补全脚本", load: async () => (await import("./completion.ts")).completion },
	doctor: { summary: "检查配置、数据库、日志、密钥与时钟,并说明该怎么办", load: async () => (await import("./doctor.ts")).doctor },
}

const help = `一码:一户一码,全程关联

用法:yima 命令 [参数]

${Object.entries(COMMANDS)
	.map(([name, { summary }]) => `  ${name.padEnd(12)}${summary}`)
	.join("\n")}

yima 命令 --help 显示该命令的用法`

const asksHelp = (word: string | undefined) => word === "--help" || word === "-h"

const wrongUsage = (message: string) => {
	console.error(message)
	return USAGE
}

const main = async ([name = "", ...args]: readonly string[]): Promise<number> => {
	if (asksHelp(name)) {
		console.log(help)
		return YES
	}
	if (!Object.hasOwn(COMMANDS, name)) return wrongUsage(name === "" ? help : `没有命令「${name}」\n\n${help}`)
	const command = await COMMANDS[name]?.load()
	if (command === undefined) return wrongUsage(help)
	if (asksHelp(args[0])) {
		console.log(command.help)
		return YES
	}
	try {
		return await command.run(args)
	} catch (error) {
		if (error instanceof ConfigurationWrong) return wrongUsage(error.message)
		const wrong = error instanceof TypeError && "code" in error && String(error.code).startsWith("ERR_PARSE_ARGS")
		if (wrong) return wrongUsage(`参数有误:${error.message}\n\n${command.help}`)
		throw error
	}
}

process.exitCode = await main(process.argv.slice(2))
