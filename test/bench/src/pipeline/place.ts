import { mkdtempSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { startEmbeddedDatabase } from "@yima/embedded-postgres"
import { connect, migrate } from "@yima/registry"
import pg from "pg"

/** An empty registry in a database of its own. */
export interface Stand {
	readonly connectionString: string
	/** As many connections as `yima` opens. */
	readonly pool: pg.Pool
	/** May do everything; for the references, which have tables of their own. */
	readonly owner: pg.Client
	/** What children need to work on it. */
	readonly env: Readonly<Record<string, string>>
	/** Nothing that was written before is left to be written during what comes. */
	readonly settle: () => Promise<void>
}

/** The one PostgreSQL of a run, as `yima start` starts it: every commit waits for the disk (fsync and synchronous_commit are on). */
export interface Place {
	readonly version: string
	readonly on: <A>(work: (stand: Stand) => Promise<A>) => Promise<A>
	/** Processor time that PostgreSQL has used, ms; null where nobody says. */
	readonly cpu: () => number | null
	readonly stop: () => Promise<void>
}

const KEY = Buffer.alloc(32, 7).toString("base64")

const open = async (connectionString: string): Promise<pg.Client> => {
	const client = new pg.Client({ connectionString })
	await client.connect()
	return client
}

export const startPlace = async (): Promise<Place> => {
	const folder = mkdtempSync(join(tmpdir(), "yima-bench-"))
	const database = await startEmbeddedDatabase(folder)
	const admin = await open(database.connectionString)
	const setting = async (name: string) => String((await admin.query(`show ${name}`)).rows[0]?.[name])
	for (const each of ["fsync", "synchronous_commit"]) if ((await setting(each)) !== "on") throw new Error(`${each} is off: the figures would say nothing`)
	let stands = 0
	return {
		version: await setting("server_version"),
		on: async (work) => {
			const name = `bench_${++stands}`
			await admin.query(`create database ${name}`)
			const url = new URL(database.connectionString)
			url.pathname = name
			const connectionString = url.href
			await migrate(connectionString)
			const [pool, owner] = [connect({ connectionString, max: 24 }), await open(connectionString)]
			const env = { DATABASE_URL: connectionString, YIMA_KEY: KEY, YIMA_HOME: join(folder, name) }
			try {
				return await work({ connectionString, pool, owner, env, settle: async () => void (await owner.query("checkpoint")) })
			} finally {
				await Promise.all([pool.end(), owner.end()])
				await admin.query(`drop database ${name} with (force)`)
			}
		},
		cpu: () => cpuOf(database.pid()),
		stop: async () => {
			await admin.end()
			await database.stop()
			rmSync(folder, { recursive: true, force: true })
		},
	}
}

/** A tick of Linux's accounts, ms. */
const TICK = 10

/** Of the postmaster, those of its children that have ended, and those that live. */
const cpuOf = (pid: number): number | null => {
	const ticks = (of: number | string, from: number, to: number) =>
		readFileSync(`/proc/${of}/stat`, "utf8")
			.replace(/^.*\) /s, "")
			.split(" ")
			.slice(from, to)
			.reduce((sum, each) => sum + Number(each), 0)
	try {
		const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim().split(" ")
		return TICK * (ticks(pid, 11, 15) + children.reduce((sum, each) => sum + ticks(each, 11, 13), 0))
	} catch {
		return null
	}
}
