import { spawn } from "node:child_process"
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { delimiter, dirname, join } from "node:path"
import { text } from "node:stream/consumers"
import { type Postgres, startPostgres } from "@yima/embedded-postgres"
import { findKafka, freePort } from "@yima/kafka-brokers"
import { afterAll, beforeAll, expect, test } from "vitest"
import { fencesIn } from "../src/page.ts"
import { ROOT, read } from "../src/project.ts"

const fences = fencesIn(read("docs/operate.md"))
const KEY = Buffer.alloc(32, 9).toString("base64")

const found = await findKafka()
if (found.how === "none") console.warn(`\n*** NOT TESTED: operate.md on Kafka: ${found.reason}; its commands are run on the embedded log ***\n`)

let folder: string
let postgres: Postgres
let kafka: { readonly brokers: string; readonly stop: () => Promise<void> } | null
beforeAll(async () => {
	folder = mkdtempSync(join(tmpdir(), "yima-operate-"))
	postgres = await startPostgres()
	kafka = found.how === "none" ? null : await found.start()
}, 120_000)
afterAll(async () => {
	await kafka?.stop()
	await postgres.stop()
	rmSync(folder, { recursive: true, force: true })
}, 60_000)

/** The page's settings, each with this machine's value: a name that the page does not have is not set. */
const settings = (page: string): string => {
	const own: Readonly<Record<string, string>> = {
		DATABASE_URL: postgres.connectionString.replace("yima@", "clerk@"),
		OWNER_URL: postgres.connectionString,
		...(kafka === null ? { KAFKA_BROKERS: "", DATABASE_OWNER_URL: postgres.connectionString } : { KAFKA_BROKERS: kafka.brokers }),
		YIMA_KEY: KEY,
	}
	const names = page.split("\n").flatMap((line) => /^[A-Z_]+(?==)/.exec(line) ?? [])
	return [...names, ...(kafka === null ? ["DATABASE_OWNER_URL"] : [])].map((name) => `${name}=${own[name] ?? ""}\n`).join("")
}

test("every command of docs/operate.md does what the page says, in its order", { timeout: 400_000 }, async () => {
	mkdirSync(join(folder, "bin"))
	writeFileSync(join(folder, "bin/yima"), `#!/bin/sh\nexec "${process.execPath}" "${join(ROOT, "apps/yima/src/main.ts")}" "$@"\n`)
	chmodSync(join(folder, "bin/yima"), 0o755)
	for (const { language, text: page } of fences) if (language === "env") writeFileSync(join(folder, "yima.env"), settings(page))
	// The database of this test is owned by a login of the name that the page gives to the processes.
	const script = fences.flatMap(({ language, text: page }, n) => {
		if (language === "sql")
			return [
				`"${process.execPath}" "${join(ROOT, "test/operate/src/run-sql.ts")}" <<'SQL'\n${page.replaceAll("role yima login", "role clerk login").replaceAll("to yima;", "to clerk;")}SQL`,
			]
		return language === "sh" ? [`echo "--- part ${n}"\n${page}`] : []
	})
	expect(script.length).toBeGreaterThan(8)
	const ports = new Map<string, number>()
	for (const port of ["4000", "4001", "4002", "4003", "4004"]) ports.set(port, await freePort())
	const whole = `set -euo pipefail\n${script.join("\n")}`.replaceAll(/\b400[0-4]\b/g, (port) => String(ports.get(port)))
	const child = spawn("bash", ["-c", whole], {
		cwd: folder,
		env: {
			PATH: [join(folder, "bin"), dirname(process.execPath), process.env["PATH"] ?? ""].join(delimiter),
			PORT: String(ports.get("4000")),
			YIMA_PARTITIONS: "3",
			SQL_URL: postgres.connectionString,
		},
		stdio: ["ignore", "pipe", "pipe"],
		detached: true,
	})
	const [out, err] = [text(child.stdout), text(child.stderr)]
	const code = await new Promise<number | null>((resolve) => child.once("exit", resolve))
	try {
		// What the script has begun and not ended, as where it stopped halfway.
		if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL")
	} catch {
		// Nothing is left.
	}
	const logs = readdirSync(folder).flatMap((name) => (name.endsWith(".log") ? [`--- ${name}\n${readFileSync(join(folder, name), "utf8")}`] : []))
	expect(code, `${await out}\n${await err}\n${logs.join("\n")}`).toBe(0)
})
