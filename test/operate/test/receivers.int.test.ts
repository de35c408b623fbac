import { type ChildProcess, spawn, spawnSync } from "node:child_process"
import { mkdtempSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { createInterface } from "node:readline"
import { showSecret, signed } from "@yima/courier"
import { afterEach, describe, expect, test } from "vitest"

const DOCS = join(import.meta.dirname, "../../../docs/receiver")
const SECRET = Buffer.alloc(32, 3)

const has = (command: string): boolean => spawnSync(command, ["--version"], { stdio: "ignore" }).status === 0

const RECEIVERS: readonly (readonly [name: string, command: string, file: string])[] = [
	["Node", process.execPath, "receiver.mjs"],
	["Python", "python3", "receiver.py"],
	["Java", "java", "Receiver.java"],
]

const running: ChildProcess[] = []
const folders: string[] = []
afterEach(() => {
	for (const child of running.splice(0)) child.kill("SIGKILL")
	for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
})

const start = async (command: string, file: string, state: string): Promise<string> => {
	const child = spawn(command, [join(DOCS, file)], {
		env: { PATH: process.env["PATH"] ?? "", HOME: tmpdir(), YIMA_SECRET: showSecret(SECRET), PORT: "0", STATE: state },
		stdio: ["ignore", "pipe", "pipe"],
	})
	running.push(child)
	const said: string[] = []
	return new Promise((resolve, reject) => {
		for (const stream of [child.stdout, child.stderr])
			createInterface({ input: stream }).on("line", (line) => {
				said.push(line)
				const [, port] = /listening on (\d+)/.exec(line) ?? []
				if (port !== undefined) resolve(`http://127.0.0.1:${port}/`)
			})
		child.once("exit", (code) => reject(new Error(`${file} ended with ${code}\n${said.join("\n")}`)))
	})
}

const request = (n: number) =>
	JSON.stringify({
		specversion: "1.0",
		id: `3-${n}`,
		source: "urn:yima:registry",
		type: "yima.utility.account-requested.v1",
		subject: "410811001002GB00018F00030045",
		data: { requestId: "410811001002GB00018F00030045-water", revision: n, kind: "OPEN", holder: "张*" },
	})

describe.each(RECEIVERS)("the receiver in %s", (name, command, file) => {
	if (!has(command)) {
		console.warn(`\n*** NOT TESTED: the receiver in ${name}: ${command} is not at hand ***\n`)
		test.skip("is not tried: its runtime is not at hand", () => undefined)
		return
	}

	test("takes what is ours once, a batch wholly or not at all, even after a restart, and refuses what is tampered with, late or another's", {
		timeout: 60_000,
	}, async () => {
		const folder = mkdtempSync(join(tmpdir(), "yima-receiver-"))
		folders.push(folder)
		const state = join(folder, "received.ndjson")
		let url = await start(command, file, state)
		const now = Math.floor(Date.now() / 1000)
		const post = (body: string, headers: Readonly<Record<string, string>>) =>
			fetch(url, { method: "POST", headers: { "content-type": "application/cloudevents+json", ...headers }, body })
		const send = (n: number, { seconds = now, secret = SECRET, body = request(n) } = {}) => post(body, signed([secret], `3-${n}`, seconds, request(n)))

		const first = await send(1)
		expect([first.status, await first.json()]).toEqual([200, { status: "accepted", orderNo: "GD-1" }])
		expect(await (await send(1)).json()).toEqual({ status: "accepted", orderNo: "GD-1" })
		expect((await post(request(2), signed([Buffer.alloc(32, 9), SECRET], "3-2", now, request(2)))).status).toBe(200)

		expect((await send(3, { body: request(3).replace("张*", "李*") })).status).toBe(401)
		expect((await send(3, { seconds: now - 600 })).status).toBe(401)
		expect((await send(3, { seconds: now + 600 })).status).toBe(401)
		expect((await send(3, { secret: Buffer.alloc(32, 9) })).status).toBe(401)
		expect((await post(request(3), {})).status).toBe(401)

		const batch = `[${request(4)},${request(5)}]`
		const { status } = await post(batch, signed([SECRET], "3-4", now, batch))
		const isTaken = status === 200
		expect(isTaken || status === 422).toBe(true)

		running.splice(0)[0]?.kill("SIGKILL")
		url = await start(command, file, state)
		expect(await (await send(1)).json()).toEqual({ status: "accepted", orderNo: "GD-1" })
		const taken = readFileSync(state, "utf8")
			.split("\n")
			.filter((line) => line !== "")
			.map((line) => JSON.parse(line) as { readonly event: { readonly id: string } })
		expect(taken.map(({ event }) => event.id)).toEqual(["3-1", "3-2", ...(isTaken ? ["3-4", "3-5"] : [])])
	})
})
