import { existsSync, readFileSync, writeFileSync } from "node:fs"
import { basename, join } from "node:path"
import { profilesIn } from "@yima/intake"
import { exampleFailures, ProfileWrong, propose, readProfile, SheetUnreadable } from "@yima/sheets"
import { type Command, NO, USAGE, YES } from "./command.ts"
import { ConfigurationWrong, configuration } from "./configuration.ts"

const help = `用法:yima profile list           列出全部映射方案
      yima profile check 方案     以方案自带的例行检查它(方案名或 YAML 文件)
      yima profile new 文件 [方案文件]   由表格的表头拟一份方案,写入所指的文件,不写则打印

方案放在 YIMA_PROFILES 所指的目录(随附的 seeds/profiles),放进去即可用。
退出码:0 无误,1 方案的例行与所写不符,2 用法有误或方案不能读`

const check = async (folder: string, which: string): Promise<number> => {
	const path = existsSync(which) ? which : join(folder, `${which}.yaml`)
	if (!existsSync(path)) throw new ConfigurationWrong(`没有映射方案「${which}」;yima profile list 列出全部`)
	const profile = readProfile(basename(path, ".yaml"), readFileSync(path, "utf8"))
	const failures = await exampleFailures(profile)
	for (const each of failures) console.error(each)
	if (failures.length > 0) return NO
	console.log(`「${profile.title}」:${profile.examples.length} 个例行都与所写相符`)
	return YES
}

const make = async (folder: string, file: string, target: string | undefined): Promise<number> => {
	if (!existsSync(file)) throw new ConfigurationWrong(`没有文件「${file}」`)
	const known = (await profilesIn(folder)).flatMap((each) => (each instanceof ProfileWrong ? [] : [each]))
	const { yaml } = await propose(file, known)
	if (target === undefined) console.log(yaml)
	else {
		if (existsSync(target)) throw new ConfigurationWrong(`「${target}」已存在;请换一个名字`)
		writeFileSync(target, yaml)
		console.log(`已写入 ${target};请逐列核对,再以 yima profile check ${target} 检查`)
	}
	return YES
}

export const profile: Command = {
	help,
	run: async ([what, which, target, ...more]) => {
		const { profiles: folder } = configuration(process.env)
		try {
			if (what === "list" && which === undefined) {
				for (const each of await profilesIn(folder))
					console.log(each instanceof ProfileWrong ? `${each.profile.padEnd(20)}${each.message}` : `${each.name.padEnd(20)}${each.title}(${each.department})`)
				return YES
			}
			if (which === undefined || more.length > 0 || (what !== "new" && (what !== "check" || target !== undefined))) {
				console.error(help)
				return USAGE
			}
			return await (what === "check" ? check(folder, which) : make(folder, which, target))
		} catch (error) {
			if (error instanceof ProfileWrong || error instanceof SheetUnreadable) throw new ConfigurationWrong(error.message)
			throw error
		}
	},
}
