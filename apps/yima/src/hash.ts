import { parseArgs } from "node:util"
import { type Command, YES } from "./command.ts"
import { withReader } from "./database.ts"
import { hashOfEverything } from "./everything.ts"

export const hash: Command = {
	help: `用法:yima hash

对所有范围各自的哈希和待挂接事件求一个哈希。同样的事件、同样的主密钥,无论次序、
日志种类和挂接进程数,结果相同。读 DATABASE_URL,不写则读数据目录上运行中的一码。

退出码:0 已打印,1 读不到,2 用法或配置有误`,
	run: async (args) => {
		parseArgs({ args: [...args], options: {} })
		console.log(await withReader(process.env, (reader) => reader.snapshot(hashOfEverything)))
		return YES
	},
}
