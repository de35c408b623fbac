import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { at, type Unit } from "@yima/lifecycle"
import type { Known, Moment, Scope } from "@yima/schemas"
import { entryOf, incremental, type Json } from "@yima/test-kit"
import { expect, test } from "vitest"

const FOLDER = join(import.meta.dirname, "../stories")
const names = readdirSync(FOLDER).map((file) => file.replace(/\.ndjson$/, ""))

const told = (name: string): readonly Json[] =>
	readFileSync(join(FOLDER, `${name}.ndjson`), "utf8")
		.trim()
		.split("\n")
		.map((line) => JSON.parse(line) as Json)

/** All stories beside each other: none disturbs another. */
const { states, settled } = incremental({ batches: [names.flatMap(told).map((json, n) => entryOf(json, n + 1, 0, n))] })

const LATEST = Number.MAX_SAFE_INTEGER as Known

const unit = (code: string, asOf = "2024-01-01"): Unit => {
	const view = at(code as Scope, states, (Date.parse(`${asOf}T00:00:00+08:00`) * 1000) as Moment, LATEST)
	if (view?.is !== "unit") throw new Error(`${code} is no unit`)
	return view
}

test("each is listed with the unit to look at", () => {
	const readme = readFileSync(join(FOLDER, "../README.md"), "utf8")
	const rows = [...readme.matchAll(/^\| `([a-z-]+)` +\|.*\| `(\d[0-9A-Z]{27})` \|$/gm)].map(([, name = "", code = ""]) => [name, code] as const)
	expect(rows.map(([name]) => name).sort()).toEqual([...names].sort())
	for (const [name, code] of rows)
		expect(
			told(name).some((json) => JSON.stringify(json).includes(code)),
			name,
		).toBe(true)
})

test("of all that is told only the mistyped tax receipt finds no place", () => {
	const parked = [...settled].filter(([, steps]) => steps.at(-1)?.value.place.is === "PARKED").map(([key]) => key)
	expect(parked).toEqual(["urn:jz:tax#T-0047"])
})

test("一房二卖: both contracts live", () => {
	expect(unit("410811002001GB00001F00010001").contracts.map((each) => each.status)).toEqual(["LIVE", "LIVE"])
	expect(unit("410811002001GB00001F00010001", "2022-02-01").contracts).toHaveLength(1)
})

test("the forgotten mortgage lies on the first floor alone", () => {
	const active = (flat: string) => unit(`410811002001GB00002F0001${flat}`).mortgages.filter((each) => each.active).length
	expect([active("0001"), active("0003")]).toEqual([1, 0])
})

test("轮候查封: the waiting one takes effect with the other's lift", () => {
	const states = (asOf: string) => unit("410811002001GB00003F00010001", asOf).seizures.map((each) => each.state)
	expect(states("2023-01-01")).toEqual(["ACTIVE", "WAITING"])
	expect(states("2023-03-01")).toEqual(["LIFTED", "ACTIVE"])
})

test("two flats became one, with both contracts", () => {
	expect(unit("410811002001GB00004F00010005").predecessors.map((each) => each.kind)).toEqual(["MERGED", "MERGED"])
	expect(unit("410811002001GB00004F00010005").contracts).toHaveLength(2)
	expect(unit("410811002001GB00004F00010003").status).toBe("RETIRED")
})

test("a receipt that came too early finds its flat; the contract's area is the corrected one", () => {
	const { taxReceipts, area } = unit("410811002001GB00005F00010001")
	expect(taxReceipts).toHaveLength(1)
	expect(area.contracted).toBe("118.50")
})

test("sold again: one contract lives", () => {
	expect(unit("410811002001GB00006F00010002").contracts.map((each) => each.status)).toEqual(["CANCELLED", "LIVE"])
})

test("two projects share a parcel, each unit has its own", () => {
	expect(unit("410811002001GB00007F00010001").project).not.toBe(unit("410811002001GB00007F00020001").project)
})
