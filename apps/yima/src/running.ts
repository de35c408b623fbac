import { createHash } from "node:crypto"
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs"
import { connect, createServer, type Server } from "node:net"
import { tmpdir } from "node:os"
import { join, resolve } from "node:path"
import { ConfigurationWrong } from "./configuration.ts"

/** Where a process that runs on this data folder is to be found: by its other commands. */
export interface Running {
	readonly url: string
	readonly connectionString: string
	readonly pid: number
}

const fileIn = (home: string) => join(home, "running.json")

const isAlive = (pid: number): boolean => {
	try {
		process.kill(pid, 0)
		return true
	} catch {
		return false
	}
}

export const announce = (home: string, running: Running): (() => void) => {
	mkdirSync(home, { recursive: true })
	const half = `${fileIn(home)}.${process.pid}`
	writeFileSync(half, JSON.stringify(running), { mode: 0o600 })
	renameSync(half, fileIn(home))
	return () => rmSync(fileIn(home), { force: true })
}

/** The process that runs on a data folder; null: none does, or what is written there is not to be read. */
export const findRunning = (home: string): Running | null => {
	try {
		const found = JSON.parse(readFileSync(fileIn(home), "utf8")) as Running
		return found.pid !== process.pid && isAlive(found.pid) ? found : null
	} catch {
		return null
	}
}

/** A socket stands for the claim: it goes with its process, however that ends, and no number of another process can be mistaken for it. */
const claimOn = (home: string): string => {
	const name = createHash("sha256").update(resolve(home)).digest("hex").slice(0, 16)
	return process.platform === "win32" ? `\\\\.\\pipe\\yima-${name}` : join(tmpdir(), `yima-${name}.sock`)
}

const listening = (path: string): Promise<Server | null> =>
	new Promise((done) => {
		const server = createServer((socket) => socket.end())
		server.once("error", () => done(null))
		server.listen(path, () => done(server))
	})

const isHeld = (path: string): Promise<boolean> =>
	new Promise((done) => {
		const socket = connect(path)
		socket.once("connect", () => {
			socket.destroy()
			done(true)
		})
		socket.once("error", () => done(false))
	})

/** Claims a data folder for this process; answers how to let go of it. Fails with `ConfigurationWrong` where another process holds it. */
export const claim = async (home: string): Promise<() => void> => {
	const path = claimOn(home)
	let server = await listening(path)
	if (server === null && !(await isHeld(path))) {
		rmSync(path, { force: true })
		server = await listening(path)
	}
	if (server === null) {
		const other = findRunning(home)
		throw new ConfigurationWrong(
			`数据目录 ${home} 已由${other === null ? "另一个进程" : `进程 ${other.pid} `}使用${other === null ? "" : `(${other.url})`};请先停下它,或用 YIMA_HOME 另指一个目录`,
		)
	}
	const held = server
	held.unref()
	return () => {
		held.close()
	}
}
