import { expect, test } from "vitest"
import { deliveries } from "../src/index.ts"

test("a small ordeal of deliveries: couriers, gateway, linker and database are killed, ten of forty endpoints fare badly, and each request arrives, in order, recorded once", {
	timeout: 600_000,
}, async () => {
	const { requests, missing, unrecorded, disordered } = await deliveries({
		log: "embedded",
		units: 300,
		kills: 4,
		perSecond: null,
		seed: Number(process.env["YIMA_SEED"] ?? 1),
		isBad: true,
		downFor: 8000,
	})
	expect(requests).toBe(1440)
	expect({ missing, unrecorded, disordered }).toEqual({ missing: [], unrecorded: 0, disordered: [] })
})
