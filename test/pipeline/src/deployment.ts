import { type ChildProcess, spawn } from "node:child_process"
import { join } from "node:path"
import { createInterface } from "node:readline"
import type pg from "pg"

const ROOT = join(import.meta.dirname, "../../..")

/** One process of yima, as an operator runs it. */
export interface Running {
	/** Where it listens. */
	readonly url: string
	readonly pid: number
	/** Resolves with the exit code, null where a signal ended it. */
	readonly ended: Promise<number | null>
	readonly kill: (signal: NodeJS.Signals) => void
	/** What it has said so far. */
	readonly said: () => string
}

const started = new Set<ChildProcess>()
process.once("exit", () => {
	for (const child of started) child.kill("SIGKILL")
})

/** Runs `yima` with these arguments on a free port; resolves when it says where it listens. */
export const runYima = (args: readonly string[], env: Readonly<Record<string, string>>): Promise<Running> =>
	new Promise((resolve, reject) => {
		const child = spawn(process.execPath, [join(ROOT, "apps/yima/src/main.ts"), ...args], {
			env: { PATH: process.env["PATH"] ?? "", PORT: "0", ...env },
			stdio: ["ignore", "pipe", "pipe"],
		})
		started.add(child)
		const said: string[] = []
		const ended = new Promise<number | null>((end) => child.once("exit", end)).finally(() => started.delete(child))
		const running = (url: string): Running => ({ url, pid: child.pid ?? 0, ended, kill: (signal) => child.kill(signal), said: () => said.join("\n") })
		for (const stream of [child.stdout, child.stderr])
			createInterface({ input: stream }).on("line", (line) => {
				said.push(line)
				const [url] = /http:\/\/127\.0\.0\.1:\d+/.exec(line) ?? []
				if (url !== undefined) resolve(running(url))
			})
		void ended.then((code) => reject(new Error(`yima ${args.join(" ")} ended with ${code}\n${said.join("\n")}`)))
	})

/** What a command prints, and how it ends. */
export const yima = async (
	args: readonly string[],
	env: Readonly<Record<string, string>>,
): Promise<{ readonly code: number | null; readonly out: string; readonly err: string }> => {
	const child = spawn(process.execPath, [join(ROOT, "apps/yima/src/main.ts"), ...args], {
		env: { PATH: process.env["PATH"] ?? "", ...env },
		stdio: ["ignore", "pipe", "pipe"],
	})
	const [out, err]: [string[], string[]] = [[], []]
	child.stdout.on("data", (chunk: Buffer) => out.push(chunk.toString()))
	child.stderr.on("data", (chunk: Buffer) => err.push(chunk.toString()))
	const code = await new Promise<number | null>((resolve) => child.once("close", resolve))
	return { code, out: out.join("").trim(), err: err.join("").trim() }
}

/** Asks a process's gateway. */
export const ask = ({ url }: Pick<Running, "url">, query: string, variables: object = {}, headers: Readonly<Record<string, string>> = {}): Promise<Response> =>
	fetch(`${url}/graphql`, { method: "POST", headers: { "content-type": "application/json", ...headers }, body: JSON.stringify({ query, variables }) })

/** Whether everything below these offsets has been worked off: records, checks and letters. */
export const isWorkedOff = async (pool: pg.Pool, highs: readonly { readonly partition: number; readonly high: bigint }[]): Promise<boolean> => {
	const { rows } = await pool.query<{ readonly partition: number; readonly next: string; readonly unchecked: boolean; readonly letters: number }>(
		`select partition, next, unchecked is not null as unchecked, (select count(*)::int from yima.mailbox where due <= extract(epoch from now()) * 1000000) as letters from yima.position`,
	)
	return (
		highs.every(({ partition, high }) => high === 0n || rows.some((row) => row.partition === partition && BigInt(row.next) >= high)) &&
		rows.every((row) => !row.unchecked && row.letters === 0)
	)
}
