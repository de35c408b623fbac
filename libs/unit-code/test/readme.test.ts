import { readFileSync } from "node:fs"
import { expect, test } from "vitest"
import * as unitCode from "../src/index.ts"

test("the example in the README is true", () => {
	const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8")
	const example = /```ts\n(.*?)```/s.exec(readme)?.[1] ?? ""
	expect(Object.keys(unitCode)).toEqual(expect.arrayContaining(/\{(.*)\}/.exec(example)?.[1]?.trim().split(", ") ?? ["none"]))
	const { buildingOf, explain, formatUnitCode, parcelOf, parseUnitCode } = unitCode
	const reading = parseUnitCode(" ４１０８１１ 001002 gb00018 F00030045")
	const said = reading.ok ? [formatUnitCode(reading.code), parcelOf(reading.code), buildingOf(reading.code)] : []
	const misread = explain("440113013008G800003F00230055")
	expect([...example.matchAll(/\/\/ "(.*?)"/g)].map(([, text]) => text)).toEqual([...said, misread.problems[0]?.rule, misread.suggestions[0]?.code])
	expect(example).toContain(`position ${misread.problems[0]?.position}, found "${misread.problems[0]?.found}", suggestion "${misread.problems[0]?.suggestion}"`)
})
