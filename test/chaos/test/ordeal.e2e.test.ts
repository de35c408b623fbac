import { expect, test } from "vitest"
import { ordeal } from "../src/index.ts"

test("a small ordeal on the embedded log: linkers, door and database are killed, and nothing is lost or counts twice", { timeout: 400_000 }, async () => {
	const { lost, doubled, strange, hash, cleanHash } = await ordeal({ log: "embedded", events: 1200, kills: 3, seed: Number(process.env["YIMA_SEED"] ?? 1) })
	expect({ lost, doubled, strange, hash }).toEqual({ lost: [], doubled: 0, strange: 0, hash: cleanHash })
})
