import { resolve } from "node:path"
import { FINGERPRINT } from "@yima/access"
import type pg from "pg"
import { to } from "pg-copy-streams"
import { type Section, writeArchive } from "./archive.ts"
import { type Command, onlyFile, USAGE, YES } from "./command.ts"
import { hasLog, LOG_TABLES, REGISTRY_TABLES, schemaOf } from "./kept-tables.ts"
import { connected, withOwner } from "./owner-database.ts"

const help = `用法:yima backup FILE

把登记库(用内置日志时连同日志)的全部内容,按同一时刻写入一个文件;其间报送与查询照常。
主密钥不在其中:请另行保管 YIMA_KEY 或数据目录中的 key 文件,没有它封存的内容打不开。

退出码:0 已写好,1 没有写成,2 用法或配置有误`

async function* sections(client: pg.Client, tables: readonly string[]): AsyncGenerator<Section> {
	for (const table of tables) {
		const { rows } = await client.query<{ readonly name: string }>(
			`select attname as name from pg_attribute where attrelid = $1::regclass and attnum > 0 and not attisdropped order by attnum`,
			[table],
		)
		const columns = rows.map((row) => row.name)
		yield { table, columns, rows: client.query(to(`copy ${table} (${columns.map((each) => `"${each}"`).join(", ")}) to stdout`)) }
	}
}

/** Writes all that one snapshot holds; answers the number of rows. */
const write = async (client: pg.Client, file: string): Promise<number> => {
	const tables = [...REGISTRY_TABLES, ...((await hasLog(client)) ? LOG_TABLES : [])]
	// The locks come before the snapshot: a replay that exchanges tables comes wholly before it or wholly after.
	await client.query(`begin isolation level repeatable read read only; lock table ${tables.join(", ")} in access share mode`)
	const { rows } = await client.query<{ readonly value: string }>(`select value from yima.setting where name = $1`, [FINGERPRINT])
	const head = { format: "yima-backup/1", madeAt: new Date().toISOString(), schema: await schemaOf(client), tables, key: rows[0]?.value ?? null } as const
	const count = await writeArchive(file, head, sections(client, tables))
	await client.query("commit")
	return count
}

export const backup: Command = {
	help,
	run: async (args) => {
		const file = onlyFile(args)
		if (file === null) {
			console.error(help)
			return USAGE
		}
		const count = await withOwner(process.env, (connectionString) => connected(connectionString, (client) => write(client, resolve(file))))
		console.log(
			`已备份到 ${file}(${count.toLocaleString("en")} 行)。主密钥不在其中:请另外保存 YIMA_KEY 或数据目录中的 key 文件,没有它备份中的姓名与证件号打不开`,
		)
		return YES
	},
}
