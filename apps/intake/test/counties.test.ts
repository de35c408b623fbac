import { readdirSync, readFileSync } from "node:fs"
import { expect, test } from "vitest"
import { CODE_FIELDS } from "../src/counties.ts"

type Node = Readonly<Record<string, unknown>>

const CODES = /^#\/\$defs\/(?:Unit|Building|Parcel)?Code$/

test("the fields that hold codes are those of the generated JSON Schemas", () => {
	const folder = new URL("../../../schemas/generated/json-schema/", import.meta.url)
	const found = new Set<string>()
	const holdsCode = (schema: unknown): boolean => {
		if (typeof schema !== "object" || schema === null) return false
		const { $ref, items, anyOf, allOf } = schema as { $ref?: string; items?: unknown; anyOf?: unknown[]; allOf?: unknown[] }
		return ($ref !== undefined && CODES.test($ref)) || holdsCode(items) || (anyOf ?? []).some(holdsCode) || (allOf ?? []).some(holdsCode)
	}
	const walk = (node: unknown): void => {
		if (typeof node !== "object" || node === null) return
		const { properties } = node as { properties?: Node }
		for (const [name, schema] of Object.entries(properties ?? {})) if (holdsCode(schema)) found.add(name)
		for (const each of Object.values(node)) walk(each)
	}
	for (const file of readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".json")))
		walk(JSON.parse(readFileSync(new URL(file, folder), "utf8")))
	found.delete("subject")
	expect([...found].sort()).toEqual([...CODE_FIELDS].sort())
})
