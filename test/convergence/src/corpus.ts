import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import type { Json } from "@yima/test-kit"

const FOLDER = join(import.meta.dirname, "../../../schemas/corpus")

/** The contract's stored events: every type, at its least and with all its fields. */
export const corpus: readonly Json[] = readdirSync(FOLDER)
	.sort()
	.flatMap((file) => readFileSync(join(FOLDER, file), "utf8").split("\n"))
	.filter((line) => line !== "")
	.map((line) => JSON.parse(line) as Json)

/** A JSON value with every text in it replaced; `field` is the name under which it stands. */
export const mapTexts = (value: unknown, replace: (text: string, field: string) => string, field = ""): unknown => {
	if (typeof value === "string") return replace(value, field)
	if (typeof value !== "object" || value === null) return value
	if (Array.isArray(value)) return value.map((each) => mapTexts(each, replace, field))
	return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, mapTexts(each, replace, key)]))
}
