import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { until } from "@yima/test-kit"
import { ask, type Running, runYima } from "@yima/test-pipeline"
import { afterAll, beforeAll, expect, test } from "vitest"
import { parse } from "yaml"
import { metricsOf, type Sample, total } from "../src/metrics-of.ts"
import { anchorsIn } from "../src/page.ts"
import { read } from "../src/project.ts"
import { readExpression } from "../src/promql.ts"

interface Alert {
	readonly alert: string
	readonly expr: string
	readonly for: string
	readonly labels: { readonly severity: string }
	readonly annotations: { readonly summary: string; readonly description: string; readonly runbook: string }
}
const alerts = (parse(read("infra/observability/alerts.yml")) as { readonly groups: readonly { readonly rules: readonly Alert[] }[] }).groups.flatMap(
	({ rules }) => rules,
)

interface Panel {
	readonly title: string
	readonly targets: readonly { readonly expr: string; readonly legendFormat: string }[]
}
const dashboard = JSON.parse(read("infra/observability/grafana/dashboards/yima.json")) as { readonly panels: readonly Panel[] }

const expressions = [...alerts.map((each) => each.expr), ...dashboard.panels.flatMap((panel) => panel.targets.map((each) => each.expr))]

/** Prometheus makes these of every scrape, or of what scrapes are configured with. */
const ITS_OWN = new Set(["up"])
const ITS_LABELS = new Set(["job", "instance", "role", "le"])

let home: string
let running: Running
let samples: readonly Sample[]
beforeAll(async () => {
	home = mkdtempSync(join(tmpdir(), "yima-observability-"))
	running = await runYima(["start"], { YIMA_HOME: home, YIMA_PARTITIONS: "3", YIMA_DEMO: "building" })
	await ask(running, "{ __typename }")
	await ask(running, `mutation { createWebhook(input: { url: "http://127.0.0.1:9/in", service: WATER }) { id } }`)
	await until("all is linked", async () => {
		samples = await metricsOf(running)
		return total(samples, "yima_partition_lag_records") === 0 && total(samples, "yima_ready") === 1
	})
}, 60_000)
afterAll(async () => {
	running.kill("SIGTERM")
	await running.ended
	rmSync(home, { recursive: true, force: true })
}, 60_000)

test("a broken expression is found out, or the next test would say nothing", () => {
	expect(readExpression("sum by (partition (x))").isValid).toBe(false)
	expect(readExpression("rate(x[5m)").isValid).toBe(false)
	expect(readExpression('max by (a) (x{b="c"}) > 3')).toEqual({ isValid: true, metrics: ["x"], labels: ["a", "b"] })
})

test.each(expressions)("a running process has what is asked for: %s", (text) => {
	const { isValid, metrics, labels } = readExpression(text)
	expect(isValid).toBe(true)
	expect(metrics.length).toBeGreaterThan(0)
	const asked = metrics.filter((each) => !ITS_OWN.has(each))
	for (const name of asked) expect(samples.map((each) => each.name)).toContain(name)
	const known = new Set(samples.filter((each) => asked.includes(each.name)).flatMap((each) => Object.keys(each.labels)))
	if (asked.length > 0) expect(labels.filter((each) => !known.has(each) && !ITS_LABELS.has(each))).toEqual([])
})

test("labels take few values", () => {
	for (const [name, some] of Map.groupBy(
		samples.filter((each) => each.name.startsWith("yima_")),
		(each) => each.name,
	))
		expect(some.length, name).toBeLessThan(100)
})

test("each alert says what it means and leads to its heading in docs/operate.md", () => {
	const anchors = anchorsIn(read("docs/operate.md"))
	expect(alerts.length).toBeGreaterThan(10)
	expect(new Set(alerts.map((each) => each.alert)).size).toBe(alerts.length)
	for (const { alert, for: since, labels, annotations } of alerts) {
		expect(annotations.runbook, alert).toBe(`docs/operate.md#${alert.toLowerCase()}`)
		expect(anchors, alert).toContain(alert.toLowerCase())
		expect(annotations.description.length, alert).toBeGreaterThan(10)
		expect(annotations.summary.length, alert).toBeGreaterThan(3)
		expect(since).toMatch(/^\d+m$/)
		expect(["critical", "warning"]).toContain(labels.severity)
	}
})
