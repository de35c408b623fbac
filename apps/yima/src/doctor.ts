import { parseArgs } from "node:util"
import { FINGERPRINT } from "@yima/access"
import type { Log } from "@yima/log"
import { connect, HISTORY, settings } from "@yima/registry"
import type pg from "pg"
import { type Command, NO, YES } from "./command.ts"
import { configuration } from "./configuration.ts"
import { databaseUrl } from "./database.ts"
import { findMasterKey } from "./master-key-file.ts"
import { openLog } from "./open-log.ts"

const help = `用法:yima doctor

逐项检查配置、数据库、日志、密钥、时钟与挂接进度,并说明该怎么办。

退出码:0 全部正常,1 有不正常的,2 用法有误`

type Finding = { readonly ok: boolean; readonly what: string; readonly then?: string }

const good = (what: string): Finding => ({ ok: true, what })
const bad = (what: string, then: string): Finding => ({ ok: false, what, then })

/** Clocks that differ by more make recorded times lie, ms. */
const CLOCK = 2000
/** Records that have not been linked yet, for which an operator should look. */
const LAG = 100_000n

const database = async (pool: pg.Pool): Promise<readonly Finding[]> => {
	const before = Date.now()
	const { rows } = await pool.query<{ readonly version: number; readonly now: number }>(
		`select current_setting('server_version_num')::int as version, (extract(epoch from clock_timestamp()) * 1000)::float8 as now`,
	)
	const [row] = rows
	if (row === undefined) return [bad("数据库没有回答", "查看数据库日志")]
	const skew = Math.abs(row.now - (before + Date.now()) / 2)
	const { rows: rights } = await pool.query<{ readonly name: string }>(
		`select t as name from unnest($1::text[]) as t where has_table_privilege(current_user, 'yima.' || t, 'update, delete, truncate')`,
		[HISTORY],
	)
	return [
		row.version >= 150_000 ? good(`数据库 PostgreSQL ${Math.floor(row.version / 10_000)}`) : bad(`数据库版本 ${row.version} 过旧`, "请用 PostgreSQL 15 或更新"),
		skew <= CLOCK ? good(`时钟与数据库相差 ${Math.round(skew)} 毫秒`) : bad(`时钟与数据库相差 ${Math.round(skew)} 毫秒`, "请校准两边的时钟(NTP)"),
		rights.length === 0
			? good("应用角色不能改动历史")
			: bad(`应用角色可以改动 ${rights.map((each) => each.name).join("、")}`, "请收回 yima_app 的 UPDATE、DELETE、TRUNCATE 权限"),
	]
}

const logged = async (log: Log, pool: pg.Pool): Promise<readonly Finding[]> => {
	const [incarnation, marks, { rows }] = await Promise.all([
		log.incarnation(),
		log.watermarks(),
		pool.query<{ readonly partition: number; readonly next: string; readonly incarnation: string }>(`select partition, next, incarnation from position`),
	])
	const strange = rows.filter((row) => row.incarnation !== incarnation)
	const outside = rows.filter((row) => marks.some((mark) => mark.partition === row.partition && (BigInt(row.next) < mark.low || BigInt(row.next) > mark.high)))
	const lag = marks.reduce((sum, mark) => sum + mark.high - BigInt(rows.find((row) => row.partition === mark.partition)?.next ?? 0), 0n)
	return [
		good(`日志有 ${log.partitions} 个分区(定下后不变)`),
		strange.length === 0 ? good("登记库所读的正是这个日志") : bad("登记库所读的是另一个日志", "确认后用 yima log adopt 接受"),
		outside.length === 0
			? good("各分区的位置都在日志现存范围内")
			: bad(`分区 ${outside.map((row) => row.partition).join("、")} 的位置不在日志现存范围内`, "确认后用 yima log adopt 接受"),
		lag < LAG ? good(`日志中尚未处理的记录 ${lag} 条`) : bad(`日志中尚未处理的记录 ${lag} 条`, "查看挂接进程的健康状况,或增开挂接进程"),
	]
}

const key = async (pool: pg.Pool, given: string | null, home: string): Promise<Finding> => {
	const stored = await settings(pool).read(FINGERPRINT)
	if (stored === null) return good("还没有封存过数据")
	const found = findMasterKey(given, home, false)
	if (found === null) return bad(`没有主密钥,数据由指纹 ${stored} 的密钥封存`, "请恢复 YIMA_KEY 或数据目录中的密钥文件")
	return found.fingerprint === stored ? good(`主密钥相符(指纹 ${stored})`) : bad(`主密钥指纹 ${found.fingerprint},数据为 ${stored}`, "请换回原来的 YIMA_KEY")
}

/** What `work` finds, or that it failed. */
const tried = async (what: string, work: () => Promise<readonly Finding[]>): Promise<readonly Finding[]> => {
	try {
		return await work()
	} catch (error) {
		return [bad(`${what}:${error instanceof Error ? error.message : String(error)}`, "请检查它是否在运行、地址与口令是否正确")]
	}
}

export const doctor: Command = {
	help,
	run: async (args) => {
		parseArgs({ args: [...args], options: {} })
		const config = configuration(process.env)
		const connectionString = databaseUrl(process.env)
		const pool = connect({ connectionString, max: 3 })
		try {
			const findings = [
				good("配置可读"),
				...(await tried("数据库", () => database(pool))),
				...(await tried("主密钥", async () => [await key(pool, config.key, config.home)])),
				...(await tried("日志", async () => {
					const log = await openLog(config, connectionString)
					try {
						return await logged(log, pool)
					} finally {
						await log.close()
					}
				})),
			]
			for (const { ok, what, then } of findings) console.log(`${ok ? "✓" : "✗"} ${what}${then === undefined ? "" : `\n  ${then}`}`)
			return findings.every((each) => each.ok) ? YES : NO
		} finally {
			await pool.end()
		}
	},
}
