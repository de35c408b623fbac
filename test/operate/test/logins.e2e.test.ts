import { type Postgres, startPostgres } from "@yima/embedded-postgres"
import { yima } from "@yima/test-pipeline"
import pg from "pg"
import { afterAll, beforeAll, expect, test } from "vitest"
import { fencesIn } from "../src/page.ts"
import { read } from "../src/project.ts"

let postgres: Postgres
let owner: pg.Client
beforeAll(async () => {
	postgres = await startPostgres()
	owner = new pg.Client({ connectionString: postgres.connectionString })
	await owner.connect()
}, 60_000)
afterAll(async () => {
	await owner.end()
	await postgres.stop()
}, 60_000)

test("a process whose login owns nothing cannot make the tables, says what to do, and cannot change history once they are there", {
	timeout: 60_000,
}, async () => {
	// The owner of this database has the name that the page gives to the processes' login.
	const page = fencesIn(read("docs/operate.md")).find((each) => each.language === "sql")?.text ?? ""
	await owner.query(page.replaceAll("role yima login", "role clerk login").replaceAll("to yima;", "to clerk;"))
	const clerk = postgres.connectionString.replace("yima@", "clerk@")
	const env = { DATABASE_URL: clerk, YIMA_KEY: Buffer.alloc(32, 4).toString("base64"), PORT: "0" }
	expect(await yima(["serve"], env)).toMatchObject({ code: 2, err: expect.stringContaining("yima migrate") })
	expect(await yima(["migrate"], env)).toMatchObject({ code: 1, err: expect.stringContaining("DATABASE_OWNER_URL") })
	expect(await yima(["migrate"], { ...env, DATABASE_OWNER_URL: postgres.connectionString })).toMatchObject({ code: 0 })
	expect(await yima(["migrate"], env)).toMatchObject({ code: 0, out: "登记库的表已是本版" })
	const client = new pg.Client({ connectionString: clerk })
	await client.connect()
	try {
		expect((await client.query(`select from yima.event`)).rowCount).toBe(0)
		for (const statement of ["update yima.event set body = ''", "delete from yima.event", "truncate yima.event", "drop table yima.event"])
			await expect(client.query(statement), statement).rejects.toMatchObject({ code: "42501" })
	} finally {
		await client.end()
	}
})
