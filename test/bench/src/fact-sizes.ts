/** What a fact weighs: bytes of JSON per type, over the bench's city and the contract's corpus: `npm run bench:facts`. */
import { existsSync, readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { factSteps, pack } from "@yima/lifecycle"
import { concernsByScope, MemoryIndex } from "@yima/linking"
import { type Known, TYPE_NAMES, type TypeName } from "@yima/schemas"
import { entryOf, type Json } from "@yima/test-kit"
import { city } from "./city.ts"
import { decoded } from "./decoded.ts"

const corpus = join(import.meta.dirname, "../../../schemas/corpus")
const lines = existsSync(corpus) ? readdirSync(corpus).flatMap((file) => readFileSync(join(corpus, file), "utf8").split("\n")) : []
const index = new MemoryIndex()
for (const [offset, line] of city(300).entries())
	index.accept({ event: decoded(JSON.parse(line)), known: offset as Known, partition: 0, offset: BigInt(offset) })
for (const [offset, line] of lines.filter((each) => each !== "").entries()) index.accept(entryOf(JSON.parse(line) as Json, 1_000_000 + offset, 1, offset))
index.work()

const sizes = new Map<TypeName, number[]>()
for (const settled of index.all().values())
	for (const concerns of concernsByScope(settled).values())
		for (const { value } of factSteps(concerns))
			if (value !== null) sizes.set(value.type, [...(sizes.get(value.type) ?? []), Buffer.byteLength(JSON.stringify(pack(value)))])

const row = (type: string, all: readonly number[]): string => {
	const sorted = [...all].sort((a, b) => a - b)
	return `| \`${type}\` | ${Math.round(sorted.reduce((a, b) => a + b, 0) / sorted.length)} | ${sorted[Math.ceil(sorted.length * 0.99) - 1]} |`
}

console.log("| type | mean | p99 |\n|---|---|---|")
for (const type of TYPE_NAMES) if (sizes.has(type)) console.log(row(type, sizes.get(type) ?? []))
console.log(row("all", [...sizes.values()].flat()))
