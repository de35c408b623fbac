/** `node seeds/src/main.ts`: writes the city's reports to the standard output, a line each; what is read slowly is made slowly. */
import { once } from "node:events"
import { parseArgs } from "node:util"
import { city, DEMO_CITY } from "./city.ts"

const { values } = parseArgs({
	options: {
		units: { type: "string" },
		seed: { type: "string", default: String(DEMO_CITY.seed) },
		until: { type: "string", default: DEMO_CITY.until },
	},
})

/** Lines that go out in one piece. */
const AT_ONCE = 200

const { stdout } = process
// Who reads no further has enough.
stdout.on("error", () => process.exit(0))
let lines: string[] = []
const flush = async (): Promise<void> => {
	const text = lines.join("")
	lines = []
	if (!stdout.write(text)) await once(stdout, "drain")
}
// A city of a size that someone asked for is an ordinary one.
const { units = DEMO_CITY.units, seed, until } = values
for (const report of city({ seed: Number(seed), units: Number(units), until, planted: values.units === undefined })) {
	lines.push(`${JSON.stringify(report)}\n`)
	if (lines.length === AT_ONCE) await flush()
}
await flush()
