/** A process whose decoders are not compiled: lines of JSON in, what the interpreter says of each out. Run with `without-compiler.ts` imported first. */
import { readFileSync } from "node:fs"
import { Result } from "effect"
import { type Checked, decodeSealed, decodeWire } from "../src/index.ts"

const lines = readFileSync(0, "utf8").trimEnd().split("\n")
const said = lines.map((line) => {
	const [wire, sealed] = [decodeWire, decodeSealed].map((decode: (input: unknown) => Checked<unknown>) =>
		Result.match(decode(JSON.parse(line)), { onFailure: (no) => ["no", no], onSuccess: (yes) => ["yes", yes] }),
	)
	return JSON.stringify([wire, sealed])
})
process.stdout.write(`${said.join("\n")}\n`)
