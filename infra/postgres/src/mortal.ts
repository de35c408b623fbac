import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { setTimeout as pause } from "node:timers/promises"
import { type EmbeddedDatabase, startEmbeddedDatabase } from "./embedded.ts"

export interface Postgres {
	readonly connectionString: string
	/** SIGKILL to the postmaster, as a power cut would end it; resolves when it is gone. */
	readonly kill: () => Promise<void>
	/** Starts it again on the same data and port. */
	readonly restart: () => Promise<void>
	readonly stop: () => Promise<void>
}

const isAlive = (pid: number): boolean => {
	try {
		process.kill(pid, 0)
		return true
	} catch {
		return false
	}
}

/** A PostgreSQL of its own on a free port, with its data in a folder that goes with it. It survives the death of processes, not of the machine: nothing waits for the disk. */
export const startPostgres = async (): Promise<Postgres> => {
	const folder = mkdtempSync(join(tmpdir(), "yima-test-postgres-"))
	const start = (port?: number) => startEmbeddedDatabase(folder, { flags: ["fsync=off"], ...(port === undefined ? {} : { port }) })
	let running: EmbeddedDatabase = await start()
	const { connectionString } = running
	const port = Number(new URL(connectionString).port)
	return {
		connectionString,
		kill: async () => {
			const pid = running.pid()
			running.abandon()
			process.kill(pid, "SIGKILL")
			while (isAlive(pid)) await pause(10)
		},
		restart: async () => {
			running = await start(port)
		},
		stop: async () => {
			await running.stop()
			rmSync(folder, { recursive: true, force: true })
		},
	}
}
