import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { startEmbeddedDatabase } from "@yima/embedded-postgres"
import { Owner } from "@yima/linker"
import { connect, migrate, PostgresRegistry, Reader } from "@yima/registry"
import { type Moment, toCloudEvent } from "@yima/schemas"
import { eventOf } from "@yima/test-kit"
import { expect, test } from "vitest"

const granted = (id: string): string =>
	JSON.stringify(
		toCloudEvent(
			eventOf({
				specversion: "1.0",
				id,
				source: "urn:jz:a",
				type: "yima.land.granted.v1",
				subject: "410811001002GB00018",
				time: "2023-01-01T00:00:00+08:00",
				data: { grantKind: "allocation", grantee: { name: "甲公司", idKind: "uscc", idNumber: "91410800MA3X00001A" } },
			}),
		),
	)

test("a record that is no event, holds what no text can hold, or that the registry cannot store, is kept aside and stops nothing behind it", async () => {
	const folder = mkdtempSync(join(tmpdir(), "yima-unstorable-"))
	const database = await startEmbeddedDatabase(folder, { flags: ["fsync=off"] })
	const pool = connect(database)
	try {
		await migrate(database.connectionString)
		const registry = new PostgresRegistry(pool, 1)
		const owner = new Owner({ partition: 0, registry, incarnation: "1", now: () => 0 as Moment, posted: () => undefined })
		// The registry refuses this one by itself, as it would what nobody has thought of.
		const poisoned = {
			...registry,
			partitions: 1,
			open: registry.open,
			load: registry.load,
			unseen: registry.unseen,
			below: registry.below,
			members: registry.members,
			countUnits: registry.countUnits,
			reached: registry.reached,
			watermark: registry.watermark,
			waiting: registry.waiting,
			distrust: registry.distrust,
		}
		const refusing = new Owner({
			partition: 0,
			registry: {
				...poisoned,
				commit: async (partition, turn, writes) => {
					if (writes.events.some((each) => each.key.endsWith("#poison"))) throw Object.assign(new Error("index row size exceeds maximum"), { code: "54000" })
					return registry.commit(partition, turn, writes)
				},
			},
			incarnation: "1",
			now: () => 0 as Moment,
			posted: () => undefined,
		})
		const values = [
			granted("a"),
			"not json \u0000 张三",
			'{"source":"urn:x","id":"nul\\u0000","type":"x"}',
			'{"source":"urn:x","id":"lone\\ud800","type":"x"}',
			granted("poison"),
			granted("b"),
		]
		refusing.give(values.map((value, offset) => ({ partition: 0, offset: BigInt(offset), appendedAt: 1_000 + offset, key: "", value })))
		for (let steps = 0; steps < 40 && refusing.isGiven; steps++) await refusing.step().catch(() => "failed")
		expect(refusing.isGiven).toBe(false)
		while ((await owner.step()) !== "idle");
		await new Reader(pool, 1).snapshot(async (snapshot) => {
			expect((await snapshot.events(["urn:jz:a#a", "urn:jz:a#b", "urn:jz:a#poison"] as never)).map((each) => each.key)).toEqual(["urn:jz:a#a", "urn:jz:a#b"])
			expect((await snapshot.rejected(null, 10)).rows.map((each) => each.offset).sort()).toEqual([1n, 2n, 3n, 4n])
		})
	} finally {
		await pool.end()
		await database.stop()
		rmSync(folder, { recursive: true, force: true })
	}
})
