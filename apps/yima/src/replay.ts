import { setTimeout as pause } from "node:timers/promises"
import { parseArgs } from "node:util"
import { replayHistory } from "@yima/linker"
import { Shadow } from "@yima/registry"
import type { Moment } from "@yima/schemas"
import { systemNow } from "./clock.ts"
import { type Command, NO, USAGE, YES } from "./command.ts"
import { configuration } from "./configuration.ts"
import { databaseUrl } from "./database.ts"

const help = `用法:yima replay [--expect same|different] [--continue]

由历史重算全部挂接与现势,放在旁边的一套表中;其间查询与挂接照常。算完与现有的比较,
再一次换上。中途被终止,现有的照常服务。

  --expect same       应与现有的相同:不同则不换,列出不同之处
  --expect different  应与现有的不同:相同则不换
  --continue          接着上次停下处(程序须与上次的是同一版本);不写则从头算起

退出码:0 已换上,1 与所期不符而未换,2 用法或配置有误`

/** The linkers are held while the last of history is taken in: only when so few events are left. */
const FEW = 5000
const SHOWN = 20
/** How long a moment at which the linkers owe nothing is waited for, and how long until it is looked for again, ms. */
const PATIENCE = 120_000
const AGAIN = 50

/** Takes in history until the linkers can be held; answers up to when everything that was due has been seen to. Null: they never were at rest. */
const whenQuiet = async (shadow: Shadow): Promise<Moment | null> => {
	for (const until = performance.now() + PATIENCE; performance.now() < until; await pause(AGAIN)) {
		for (let left = await shadow.behind(); left > FEW; left = await shadow.behind()) {
			console.error(`还有 ${left} 件`)
			await replayHistory(shadow.registry, shadow.history, systemNow)
		}
		const now = systemNow()
		if (await shadow.hold(now)) return now
	}
	return null
}

export const replay: Command = {
	help,
	run: async (args) => {
		const { values } = parseArgs({ args: [...args], options: { expect: { type: "string" }, continue: { type: "boolean", default: false } } })
		const { expect } = values
		if (expect !== undefined && expect !== "same" && expect !== "different") {
			console.error(help)
			return USAGE
		}
		const connectionString = databaseUrl(process.env)
		const { ownerUrl } = configuration(process.env)
		const shadow = await Shadow.open(ownerUrl ?? connectionString, connectionString, !values.continue)
		try {
			const held = await whenQuiet(shadow)
			if (held === null) {
				console.error(`${PATIENCE / 60_000} 分钟内挂接没有停下来的一刻(有待办的事没有办完),未换;不忙时以 --continue 接着来,或看 yima doctor 是否有分区停着`)
				return NO
			}
			// What becomes due while they are held, they themselves have still to say.
			await replayHistory(shadow.registry, shadow.history, () => held)
			const found = await shadow.differences(SHOWN + 1)
			for (const { key, scope } of found.slice(0, SHOWN)) console.log(scope === null ? `挂接不同:${key}` : `${scope} 处不同:${key}`)
			if (found.length > SHOWN) console.log("……")
			const isSame = found.length === 0
			if ((expect === "same" && !isSame) || (expect === "different" && isSame)) {
				await shadow.abandon()
				console.error(isSame ? "与现有的相同,未换" : "与现有的不同,未换")
				return NO
			}
			await shadow.exchange()
			console.log(isSame ? "已换上,与原来的相同" : "已换上,与原来的不同")
			return YES
		} finally {
			await shadow.close()
		}
	},
}
