import { type ChildProcess, spawn } from "node:child_process"
import { join } from "node:path"
import { createInterface } from "node:readline"

/** A process of its own that serves HTTP. */
export interface Serving {
	readonly url: string
	readonly pid: number
	/** Resolves when it has ended. */
	readonly stop: () => Promise<void>
}

const started = new Set<ChildProcess>()
process.once("exit", () => {
	for (const child of started) child.kill("SIGKILL")
})

/** Runs a program on a free port; resolves when it says where it listens. */
export const serving = (file: string, args: readonly string[], env: Readonly<Record<string, string>>): Promise<Serving> =>
	new Promise((resolve, reject) => {
		const child = spawn(process.execPath, [file, ...args], {
			env: { PATH: process.env["PATH"] ?? "", PORT: "0", ...env },
			stdio: ["ignore", "pipe", "inherit"],
		})
		started.add(child)
		const ended = new Promise<number | null>((end) => child.once("exit", end)).finally(() => started.delete(child))
		const stop = async () => {
			child.kill("SIGTERM")
			await ended
		}
		createInterface({ input: child.stdout }).on("line", (line) => {
			const [url] = /http:\/\/127\.0\.0\.1:\d+/.exec(line) ?? []
			if (url !== undefined) resolve({ url, pid: child.pid ?? 0, stop })
		})
		void ended.then((code) => reject(new Error(`${file} ended with ${code}`)))
	})

/** `yima serve` with these roles, as an operator runs it. */
export const serve = (roles: readonly string[], env: Readonly<Record<string, string>>): Promise<Serving> =>
	serving(join(import.meta.dirname, "../../../../apps/yima/src/main.ts"), ["serve", ...roles.flatMap((role) => ["--role", role])], env)

/** The reference of queries. */
export const serveBare = (env: Readonly<Record<string, string>>): Promise<Serving> => serving(join(import.meta.dirname, "bare-server.ts"), [], env)
