import { parseArgs } from "node:util"
import { MayNotMigrate, migrate as migrateRegistry } from "@yima/registry"
import { type Command, NO, YES } from "./command.ts"
import { withOwner } from "./owner-database.ts"

export const migrate: Command = {
	help: `用法:yima migrate

建立登记库的表,或升级到本版;已是本版则什么也不做。用 DATABASE_OWNER_URL 的登录(默认
DATABASE_URL)。之后各进程以只有 yima_app 权限的登录启动即可。

退出码:0 已是本版,1 没有做成,2 用法或配置有误`,
	run: async (args) => {
		parseArgs({ args: [...args], options: {} })
		try {
			await withOwner(process.env, migrateRegistry)
		} catch (error) {
			if (!(error instanceof MayNotMigrate)) throw error
			console.error(error.message)
			return NO
		}
		console.log("登记库的表已是本版")
		return YES
	},
}
