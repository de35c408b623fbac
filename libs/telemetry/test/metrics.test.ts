import { expect, test } from "vitest"
import { Metrics } from "../src/index.ts"

test("names and units are as Prometheus wants them", async () => {
	const names = [...(await new Metrics().text()).matchAll(/^# TYPE (yima_\S+) (\S+)/gm)].map(([, name = "", kind]) => ({ name, kind }))
	expect(names.length).toBeGreaterThan(15)
	for (const { name, kind } of names) {
		if (kind === "counter") expect(name).toMatch(/_total$/)
		else expect(name).not.toMatch(/_total$/)
		if (/duration|age/.test(name)) expect(name).toMatch(/_seconds$/)
	}
})

test("scrapes that come together share one reading; a reading that fails leaves the rest", async () => {
	const metrics = new Metrics()
	let readings = 0
	metrics.onScrape(async () => {
		readings++
		metrics.databaseUp.set(1)
	})
	metrics.onScrape(() => Promise.reject(new Error("away")))
	const [one, other] = await Promise.all([metrics.text(), metrics.text()])
	expect(readings).toBe(1)
	expect(one).toContain("yima_database_up 1")
	expect(other).toContain("yima_database_up 1")
	await metrics.text()
	expect(readings).toBe(2)
})
