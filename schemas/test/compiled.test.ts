import { spawnSync } from "node:child_process"
import { fileURLToPath } from "node:url"
import { Result } from "effect"
import fc from "fast-check"
import { expect, test } from "vitest"
import { type Checked, decodeSealed, decodeWire, sealEvent, toCloudEvent } from "../src/index.ts"
import { mutated } from "./mutated.ts"
import { openSealer, stored } from "./stored.ts"

const path = (name: string) => fileURLToPath(new URL(name, import.meta.url))

/** What the interpreter says of each input, computed in a process of its own: the compiler is turned on for a process or not at all. */
const interpreted = (inputs: readonly unknown[]): readonly unknown[] => {
	const child = spawnSync(process.execPath, ["--import", path("without-compiler.ts"), path("interpreted.ts")], {
		input: inputs.map((each) => JSON.stringify(each)).join("\n"),
		encoding: "utf8",
		maxBuffer: 1 << 30,
	})
	expect(child.status, child.stderr).toBe(0)
	return child.stdout
		.trimEnd()
		.split("\n")
		.map((line) => JSON.parse(line) as unknown)
}

const compiled = (input: unknown): unknown =>
	JSON.parse(
		JSON.stringify(
			[decodeWire, decodeSealed].map((decode: (input: unknown) => Checked<unknown>) =>
				Result.match(decode(JSON.parse(JSON.stringify(input))), { onFailure: (no) => ["no", no] as unknown, onSuccess: (yes) => ["yes", yes] }),
			),
		),
	)

test("the compiled decoder and the interpreter say the same of every event, right or wrong, open or sealed", () => {
	const sealed = stored.flatMap(({ event }) => {
		const read = decodeWire(event)
		return Result.isSuccess(read) ? [toCloudEvent(sealEvent(read.success, openSealer))] : []
	})
	const seed = Math.floor(Math.random() * 2 ** 31)
	const inputs = [...stored.map(({ event }) => event), ...sealed, ...fc.sample(mutated, { numRuns: 3000, seed })]
	const answers = interpreted(inputs)
	expect(answers.length).toBe(inputs.length)
	for (const [at, input] of inputs.entries()) expect(compiled(input), `seed ${seed}: ${JSON.stringify(input)}`).toEqual(answers[at])
})
