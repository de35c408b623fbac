import { expect, test } from "vitest"
import { listening } from "../src/index.ts"

test("a gateway that is killed under those who listen to it loses nothing for them, and tells nothing twice", { timeout: 300_000 }, async () => {
	const { astray, resumed, heard } = await listening({ listeners: 100, events: 120, kills: 2 })
	expect({ astray, heard }).toEqual({ astray: 0, heard: 120 })
	expect(resumed).toBeGreaterThanOrEqual(100)
})
