import { type Postgres, startPostgres } from "@yima/embedded-postgres"
import { replayHistory } from "@yima/linker"
import { connect, migrate, PostgresRegistry, Shadow } from "@yima/registry"
import type { Moment } from "@yima/schemas"
import type { Json } from "@yima/test-kit"
import type pg from "pg"
import { afterAll, beforeAll, expect, test } from "vitest"
import { Hearing } from "../src/hearing.ts"
import { event, moment } from "../src/telling.ts"

const FLAT = "410811001002GB00018F00010001"
const PARTITIONS = 3
/** The flat's own partition: what names no code comes by another. */
const OWN = 2

let postgres: Postgres
let pool: pg.Pool
let hearing: Hearing
beforeAll(async () => {
	postgres = await startPostgres()
	await migrate(postgres.connectionString)
	pool = connect({ connectionString: postgres.connectionString })
	const registry = new PostgresRegistry(pool, PARTITIONS)
	await registry.prepare(
		"1",
		Array.from({ length: PARTITIONS }, (_, partition) => ({ partition, low: 0n })),
	)
	hearing = new Hearing(registry)
}, 60_000)
afterAll(async () => {
	await pool.end()
	await postgres.stop()
}, 60_000)

const holders = [{ name: "张三", idKind: "passport", idNumber: "P1" }]
const connected = (service: string) =>
	event(
		`connected-${service}`,
		"utility.connected",
		"2023-05-01T10:00:00+08:00",
		{ service, company: `焦作${service}公司`, accounts: [{ unit: FLAT, accountNo: "1000" }] },
		FLAT.slice(0, 24),
	)
const applied = event(
	"applied",
	"registration.transfer-applied",
	"2023-06-01T10:00:00+08:00",
	{ applicationNo: "SL-3", holders, consents: { utilities: { given: true, consentId: "TY-1" } } },
	FLAT,
)
const transferred = event("transferred", "registration.transferred", "2023-06-20T14:00:00+08:00", { applicationNo: "SL-3", certificateNo: "豫-1", holders })

/** False: the linkers owe something, and nothing was exchanged. */
const replay = async (): Promise<boolean> => {
	const shadow = await Shadow.open(postgres.connectionString, postgres.connectionString, true)
	try {
		if (!(await shadow.hold(hearing.now))) return false
		await replayHistory(shadow.registry, shadow.history, () => hearing.now)
		expect(await shadow.differences(1)).toEqual([])
		await shadow.exchange()
		return true
	} finally {
		await shadow.close()
	}
}
const said = async () => (await pool.query<Json>(`select * from derived order by partition, number`)).rows
const asked = async () =>
	(await pool.query<{ readonly data: string }>(`select data from derived where type = 'utility.account-requested' order by partition, number`)).rows.map(
		({ data }) => {
			const { service, revision, kind } = JSON.parse(data) as Json
			return `${service} ${revision} ${kind}`
		},
	)

const at = (hour: number) => (moment("2023-06-20T00:00:00Z") + hour * 3_600_000_000) as Moment

test("a replay tells nobody anything again, takes no word from those who still have something to say, and forgets nobody who is to be asked later", {
	timeout: 60_000,
}, async () => {
	for (const each of [connected("water"), applied]) hearing.say(at(0), each)
	await hearing.settle(at(1))

	// It is placed by its application: the owner of the flat's partition has still to look, and to say what has changed.
	hearing.say(at(2), transferred)
	await hearing.read((partition) => partition !== OWN)
	expect(await replay()).toBe(false)
	await hearing.settle(at(3))
	expect(await asked()).toEqual([])

	// By other logic nothing became due; by this one something does, and nobody has left a letter for it.
	await pool.query(`update state set due = null`)
	await pool.query(`delete from mailbox`)
	expect(await replay()).toBe(true)
	await hearing.settle(at(7))
	expect(await asked()).toEqual(["water 1 OPEN"])

	const told = await said()
	expect(await replay()).toBe(true)
	await hearing.settle(at(8))
	expect(await said()).toEqual(told)

	hearing.say(at(9), connected("gas"))
	await hearing.settle(at(9))
	hearing.say(at(10), event("gone", "registration.deregistered", "2023-06-20T17:30:00+08:00", { certificateNo: "豫-1", reason: "注销" }))
	await hearing.read((partition) => partition !== OWN)
	const before = (await said()).length
	expect(await replay()).toBe(false)
	await hearing.settle(at(11))
	expect((await said()).slice(before).map((each) => each["type"])).toContain("unit.stage-changed")
	expect((await asked()).sort()).toEqual(["gas 1 OPEN", "gas 2 CANCEL", "water 1 OPEN", "water 2 CANCEL"])
})
