import { resolve } from "node:path"
import { Readable } from "node:stream"
import { pipeline } from "node:stream/promises"
import { createEmbeddedLog } from "@yima/log"
import { migrate } from "@yima/registry"
import type pg from "pg"
import { from } from "pg-copy-streams"
import { ArchiveBroken, type Head, readArchive, type Section } from "./archive.ts"
import { type Command, NO, onlyFile, USAGE, YES } from "./command.ts"
import { configuration } from "./configuration.ts"
import { COUNTED, LOG_TABLES, REGISTRY_TABLES, schemaOf } from "./kept-tables.ts"
import { findMasterKey } from "./master-key-file.ts"
import { connected, withOwner } from "./owner-database.ts"

const help = `用法:yima restore FILE

把备份恢复到一个空的登记库;已有内容的一概拒绝。全部恢复或一点也不动。
之后以原来的主密钥启动。用 Kafka 的,会从备份时读到的位置接着读;用内置日志的,
备份之后报来的事件请各部门重报,重复的只计一次。

退出码:0 已恢复,1 未恢复,2 用法或配置有误`

/** Why a backup is not restored here: the operator's to put right. */
class Unfit extends Error {
	readonly _tag = "Unfit"
}

/** A database in which a system has begun to live is not even brought up to date. */
const mustBeEmpty = async (client: pg.Client): Promise<void> => {
	for (const table of ["yima.event", "yima.setting", "log.record"]) {
		const { rows: found } = await client.query<{ readonly there: boolean }>(`select to_regclass($1) is not null as there`, [table])
		if (found[0]?.there !== true) continue
		const { rows } = await client.query<{ readonly filled: boolean }>(`select exists (select from ${table}) as filled`)
		if (rows[0]?.filled === true) throw new Unfit("登记库中已有内容,未恢复:请另备一个空的数据库或数据目录")
	}
}

const take = async (client: pg.Client, { table, columns, rows }: Section): Promise<void> => {
	if (!REGISTRY_TABLES.includes(table) && !LOG_TABLES.includes(table)) throw new ArchiveBroken(`备份文件中有不认识的表 ${table}`)
	if (!columns.every((each) => /^[a-z_]+$/.test(each))) throw new ArchiveBroken(`备份文件中表 ${table} 的列名有误`)
	await pipeline(Readable.from(rows), client.query(from(`copy ${table} (${columns.map((each) => `"${each}"`).join(", ")}) from stdin`)))
}

/** Fills an empty registry, in one transaction; answers the backup's head. */
const fill = async (connectionString: string, file: string, partitions: number): Promise<Head> => {
	await connected(connectionString, mustBeEmpty)
	await migrate(connectionString)
	return connected(connectionString, async (client) => {
		let head: Head | undefined
		const begin = async (found: Head): Promise<void> => {
			head = found
			const schema = await schemaOf(client)
			if (schema.join() !== found.schema.join())
				throw new Unfit(`备份的表结构(${found.schema.at(-1)})与本版(${schema.at(-1)})不同:请用写备份的那一版恢复,再升级`)
			const tables = found.tables.some((each) => LOG_TABLES.includes(each)) ? [...REGISTRY_TABLES, ...LOG_TABLES] : REGISTRY_TABLES
			if (tables.length > REGISTRY_TABLES.length) await createEmbeddedLog(client, "yima.restoring", partitions)
			await client.query(`begin; lock table ${tables.join(", ")} in access exclusive mode`)
			await mustBeEmpty(client)
			if (tables.length > REGISTRY_TABLES.length) await client.query("truncate log.topic cascade")
		}
		await readArchive(file, begin, (section) => take(client, section))
		if (head === undefined) throw new ArchiveBroken("备份文件是空的")
		for (const [table, column] of COUNTED)
			if (head.tables.includes(table))
				await client.query(`select setval(pg_get_serial_sequence('${table}', '${column}'), (select coalesce(max("${column}"), 0) + 1 from ${table}), false)`)
		await client.query("commit; analyze")
		return head
	})
}

export const restore: Command = {
	help,
	run: async (args) => {
		const file = onlyFile(args)
		if (file === null) {
			console.error(help)
			return USAGE
		}
		const { key, home, partitions } = configuration(process.env)
		try {
			const head = await withOwner(process.env, (connectionString) => fill(connectionString, resolve(file), partitions))
			console.log(`已恢复 ${head.madeAt} 的备份`)
			if (head.key !== null && findMasterKey(key, home, false)?.fingerprint !== head.key)
				console.log(`启动前请备好指纹为 ${head.key} 的主密钥(YIMA_KEY,或数据目录 ${home} 中的 key 文件)`)
			return YES
		} catch (error) {
			if (!(error instanceof ArchiveBroken) && !(error instanceof Unfit)) throw error
			console.error(error.message)
			return NO
		}
	},
}
