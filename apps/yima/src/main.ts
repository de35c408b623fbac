#!/usr/bin/env node
import { code } from "./code.ts"
import { type Command, USAGE, YES } from "./command.ts"

const COMMANDS: ReadonlyMap<string, Command> = new Map([["code", code]])

const help = `一码:一户一码,全程关联

用法:yima 命令 [参数]

${[...COMMANDS].map(([name, { summary }]) => `  ${name.padEnd(10)}${summary}`).join("\n")}

yima 命令 --help 显示该命令的用法`

const asksHelp = (word: string | undefined) => word === "--help" || word === "-h"

const wrongUsage = (message: string) => {
	console.error(message)
	return USAGE
}

const main = async ([name, ...args]: readonly string[]): Promise<number> => {
	const command = COMMANDS.get(name ?? "")
	if (asksHelp(name) || (command !== undefined && asksHelp(args[0]))) {
		console.log(command?.help ?? help)
		return YES
	}
	if (command === undefined) return wrongUsage(name === undefined ? help : `没有命令「${name}」\n\n${help}`)
	try {
		return await command.run(args)
	} catch (error) {
		const wrong = error instanceof TypeError && "code" in error && String(error.code).startsWith("ERR_PARSE_ARGS")
		if (wrong) return wrongUsage(`参数有误:${error.message}\n\n${command.help}`)
		throw error
	}
}

process.exitCode = await main(process.argv.slice(2))
