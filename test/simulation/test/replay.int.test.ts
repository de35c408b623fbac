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

const replay = async (): Promise<void> => {
	const shadow = await Shadow.open(postgres.connectionString, postgres.connectionString, true)
	try {
		await shadow.hold()
		await replayHistory(shadow.registry, shadow.history, () => hearing.now)
		expect(await shadow.differences(1)).toEqual([])
		await shadow.exchange()
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

test("a replay at any moment tells nobody anything again, and forgets nobody who is to be asked later", { timeout: 60_000 }, async () => {
	const at = (hour: number) => (moment("2023-06-20T00:00:00Z") + hour * 3_600_000_000) as Moment
	for (const each of [connected("water"), applied]) hearing.say(at(0), each)
	await hearing.settle(at(1))

	// It is placed by its application; what becomes of the flat when its hour comes waits for the owner of the flat's partition.
	hearing.say(at(2), transferred)
	await hearing.read((partition) => partition !== OWN)
	await replay()
	await hearing.settle(at(3))
	expect(await asked()).toEqual([])
	await hearing.settle(at(7))
	expect(await asked()).toEqual(["water 1 OPEN"])

	const before = await said()
	await replay()
	await hearing.settle(at(8))
	expect(await said()).toEqual(before)

	hearing.say(at(9), connected("gas"))
	await hearing.settle(at(9))
	hearing.say(at(10), event("wrong", "registration.retracted", "2023-06-20T18:00:00+08:00", { event: { id: "transferred" }, reason: "误登" }))
	await hearing.read((partition) => partition !== OWN)
	await replay()
	await hearing.settle(at(11))
	expect((await asked()).sort()).toEqual(["gas 1 OPEN", "gas 2 CANCEL", "water 1 OPEN", "water 2 CANCEL"])
})
