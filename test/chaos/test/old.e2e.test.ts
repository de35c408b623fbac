import { expect, test } from "vitest"
import { oldRegistrations } from "../src/index.ts"

test("old registrations that are sent in late ask no company for an account; what is registered after them does", { timeout: 300_000 }, async () => {
	const { ofOld, ofNew, wanted } = await oldRegistrations(400)
	expect(ofOld).toBe(0)
	expect(ofNew).toBe(wanted)
})
