import { mask } from "@yima/access"
import { chooses } from "@yima/feed"
import type { DerivedRow } from "@yima/registry"
import type { Json } from "@yima/test-kit"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { heard } from "../src/heard.ts"
import { startTown, story, type Town } from "../src/town.ts"

const FLAT = "410811001002GB00018F00030045"
const PROJECT = "2101-410811-04-01-000018"
const REQUEST = `${FLAT}-water`
const WATER = "焦作市水务公司"

let town: Town
beforeAll(async () => {
	const plain = { name: "张三", phone: "13803910001", idNumber: "410811199001011239" }
	town = await startTown({ open: async (all) => all.map(({ kind }) => plain[kind]) })
	await town.submit(story("building").filter((each) => !String(each["type"]).includes("account-opened")))
}, 120_000)
afterAll(() => town?.stop())

const ask = async (query: string, variables: object = {}) => {
	const { data, errors } = await town.ask(query, variables)
	expect(errors).toBeUndefined()
	return data
}
const refused = async (query: string, variables: object = {}) => (await town.ask(query, variables)).errors?.[0]?.extensions["code"]

const FEED = `query($service: Service!, $after: String, $first: Int = 100) { accountRequests(service: $service, after: $after, first: $first) {
	pageInfo { hasNextPage endCursor } edges { cursor node { cursor kind requestId revision saidAt request { id unit service company address accountNo holder contactToken consentId requestedAt } } } } }`
const REPORT = `mutation($input: AccountReport!) { reportAccount(input: $input) { status source id problems { code message } } }`
const OVERVIEW = `query($filter: AccountFilter) { accountOverview(filter: $filter) { edges { node { unit address consent frozen done waitingSince accounts { service company accountNo status requestId reasonCode reason } } } } }`

const tokenOf = async (): Promise<string> => (await ask(FEED, { service: "WATER" })).accountRequests.edges[0].node.request.contactToken
const accountOf = async (service: string) => {
	const [edge] = (await ask(OVERVIEW, { filter: { unit: FLAT } })).accountOverview.edges
	return edge.node.accounts.find((each: { readonly service: string }) => each.service === service)
}
const waterOf = () => accountOf("WATER")
/** What a courier records of a request that its endpoint has received. */
const delivered = (row: DerivedRow | undefined, n = 0) => ({
	partition: row?.partition ?? 0,
	number: row?.number ?? 0,
	type: "utility.account-requested",
	subject: FLAT as never,
	status: "DELIVERED" as const,
	attempts: 1,
	firstAt: 1000 + n,
	lastAt: 2000 + n,
	nextAt: null,
	latencyMs: 5,
	responseStatus: 200,
	request: `content-type: application/cloudevents+json\nwebhook-id: ${row?.partition}-${row?.number}`,
	response: "200",
})

describe("the pull feed", () => {
	test("has each request of a service once, with the least data, and goes on from its cursors", async () => {
		for (const service of ["WATER", "POWER", "GAS", "HEAT"]) {
			const { accountRequests: all } = await ask(FEED, { service })
			expect(all.edges).toHaveLength(1)
			const { node } = all.edges[0]
			expect(node).toMatchObject({
				kind: "OPEN",
				revision: 1,
				requestId: `${FLAT}-${service.toLowerCase()}`,
				request: { unit: FLAT, service, holder: mask("name", "张三"), consentId: "C20230618045" },
			})
			const { accountRequests: more } = await ask(FEED, { service, after: node.cursor })
			expect(more).toMatchObject({ edges: [], pageInfo: { hasNextPage: false } })
			expect((await ask(FEED, { service, after: all.pageInfo.endCursor })).accountRequests.edges).toEqual([])
			expect((await ask(FEED, { service, after: "" })).accountRequests).toEqual(all)
		}
		expect(JSON.stringify(await ask(FEED, { service: "WATER" }))).not.toMatch(/张三|13803910001|410811199001011239/)
		expect(await refused(FEED, { service: "WATER", after: "nonsense" })).toBe("BAD_INPUT")
	})

	test("gives each of several companies of a service its own, however its name is written, and who follows the stream the same", async () => {
		const pulled = (company: string) =>
			ask(`query($company: String) { accountRequests(service: WATER, company: $company) { edges { node { requestId } } } }`, { company })
		expect((await pulled(WATER)).accountRequests.edges).toEqual([{ node: { requestId: REQUEST } }])
		expect((await pulled(` ${WATER.slice(0, 3)} ${WATER.slice(3)}`)).accountRequests.edges).toHaveLength(1)
		expect((await pulled("山阳水务")).accountRequests.edges).toEqual([])
		expect((await pulled("")).accountRequests.edges).toHaveLength(1)
		const LISTEN = `subscription($company: String) { accountRequests(service: WATER, company: $company, after: "") { requestId } }`
		expect(await heard(town, LISTEN, { company: WATER }, { count: 1 })).toEqual([{ requestId: REQUEST }])
		const { rows } = await town.feed.page({ service: "water" }, new Map(), 10)
		const chosen = (company: string) => rows.filter((row) => chooses({ service: "water", company }, row))
		expect([chosen(`${WATER} `), chosen("山阳水务")]).toEqual([rows, []])
	})

	test("and a subscription are one stream: whoever changes from the one to the other misses nothing and hears nothing twice", async () => {
		const LISTEN = `subscription($after: String) { accountRequests(service: WATER, after: $after) { cursor requestId kind revision } }`
		const told = await heard<{ readonly cursor: string; readonly requestId: string }>(town, LISTEN, { after: "" }, { count: 1 })
		expect(told).toMatchObject([{ requestId: REQUEST, kind: "OPEN" }])
		const withdrawn = {
			specversion: "1.0",
			id: "withdrawn",
			source: "urn:jz:registry",
			type: "yima.registration.consent-withdrawn.v1",
			subject: FLAT,
			time: "2023-06-20T09:00:00+08:00",
			data: { applicationNo: "SL20230618045" },
		}
		const more = await heard<{ readonly cursor: string }>(town, LISTEN, { after: told[0]?.cursor }, { count: 1, meanwhile: () => town.submit([withdrawn]) })
		expect(more).toMatchObject([{ requestId: REQUEST, kind: "CANCEL", revision: 2 }])
		expect((await ask(FEED, { service: "WATER", after: told[0]?.cursor })).accountRequests.edges).toMatchObject([{ node: { kind: "CANCEL", revision: 2 } }])
		expect((await ask(FEED, { service: "WATER", after: more[0]?.cursor })).accountRequests.edges).toEqual([])
		expect(await waterOf()).toMatchObject({ status: "CANCELLED" })
		// A mistake: it was not withdrawn.
		const mistaken = { ...withdrawn, id: "no-withdrawn", type: "yima.registration.retracted.v1", data: { event: { id: "withdrawn" }, reason: "误录" } }
		await town.submit([mistaken])
		expect(
			(await ask(FEED, { service: "WATER" })).accountRequests.edges.map(
				(each: { node: { kind: string; revision: number } }) => `${each.node.revision} ${each.node.kind}`,
			),
		).toEqual(["1 OPEN", "2 CANCEL", "3 OPEN"])
	}, 30_000)
})

describe("a company's report", () => {
	const report = (more: object) => ask(REPORT, { input: { requestId: REQUEST, service: "WATER", company: WATER, ...more } }).then((data) => data.reportAccount)

	test("is taken once; the same again is a double, another thing under the same step a conflict", async () => {
		expect(await waterOf()).toMatchObject({ status: "REQUESTED", requestId: REQUEST })
		expect(await report({ status: "ACCEPTED", orderNo: "GD-1" })).toMatchObject({
			status: "ACCEPTED",
			source: "urn:yima:utility:water",
			id: `${REQUEST}:3:accepted`,
		})
		expect(await waterOf()).toMatchObject({ status: "ACCEPTED" })
		expect(await report({ status: "ACCEPTED", orderNo: "GD-1" })).toMatchObject({ status: "DUPLICATE" })
		expect(await report({ status: "ACCEPTED", orderNo: "GD-2" })).toMatchObject({
			status: "CONFLICT",
			problems: [{ code: "conflict", message: expect.stringContaining("内容不同的事件") }],
		})
		expect(await report({ status: "FAILED", reasonCode: "ARREARS", reason: "欠费 12.00 元" })).toMatchObject({ status: "ACCEPTED" })
		expect(await waterOf()).toMatchObject({ status: "FAILED", reasonCode: "ARREARS", reason: "欠费 12.00 元" })
		const opened = { status: "OPENED", accountNo: "W00180045" }
		expect(await refused(REPORT, { input: { requestId: REQUEST, service: "WATER", company: WATER, ...opened, holder: "李四" } })).toBe("BAD_INPUT")
		expect(await report({ status: "FAILED", reasonCode: "WRONG_PERSON", holder: "李四" })).toMatchObject({ status: "ACCEPTED" })
		expect(await report({ ...opened, holder: mask("name", "张三") })).toMatchObject({ status: "ACCEPTED" })
		expect(await report({ ...opened, holder: "张三" })).toMatchObject({ status: "DUPLICATE" })
		expect(await waterOf()).toMatchObject({ status: "OPENED", accountNo: "W00180045" })
	})

	test("is taken for the company's own requests alone", async () => {
		expect(await refused(REPORT, { input: { requestId: REQUEST, service: "WATER", company: "山阳水务", status: "OPENED" } })).toBe("FORBIDDEN")
		expect(await refused(REPORT, { input: { requestId: REQUEST, service: "GAS", company: WATER, status: "OPENED" } })).toBe("FORBIDDEN")
	})

	test("on a request or a revision that nobody made is not taken", async () => {
		expect(await refused(REPORT, { input: { requestId: "nobody-water", service: "WATER", company: WATER, status: "OPENED" } })).toBe("NOT_FOUND")
		expect(await refused(REPORT, { input: { requestId: REQUEST, revision: 9, service: "WATER", company: WATER, status: "OPENED" } })).toBe("NOT_FOUND")
		expect(await refused(REPORT, { input: { service: "WATER", company: WATER, status: "OPENED" } })).toBe("BAD_INPUT")
		expect(await refused(REPORT, { input: { unit: FLAT, revision: 9, service: "WATER", company: WATER, status: "OPENED" } })).toBe("NOT_FOUND")
	})

	test("without a request's id is matched by unit, service and company", async () => {
		const input = { unit: FLAT, service: "POWER", company: "国网焦作供电公司", status: "OPENED", accountNo: "P00180045" }
		expect((await ask(REPORT, { input })).reportAccount).toMatchObject({ status: "ACCEPTED", id: `${FLAT}-power:3:opened` })
	})

	test("as an event answers by the request's number alone; in another company's name it answers nothing", async () => {
		const event = (service: string, company: string) => ({
			specversion: "1.0",
			id: `GD-${service}`,
			source: "urn:jz:utility",
			type: "yima.utility.account-accepted.v1",
			time: "2023-06-21T09:00:00+08:00",
			data: { service, company, requestId: `${FLAT}-${service}`, revision: 3 },
		})
		expect(await town.submit([event("heat", "丹河热力"), event("gas", "焦作中燃公司")])).toMatchObject([{ status: "accepted" }, { status: "accepted" }])
		const { unit } = await ask(`{ unit(code: "${FLAT}") { utilityAccounts { service company status requestId } } }`)
		const of = (service: string) => unit.utilityAccounts.filter((each: { service: string }) => each.service === service)
		expect(of("GAS")).toEqual([{ service: "GAS", company: "焦作中燃公司", status: "ACCEPTED", requestId: `${FLAT}-gas` }])
		expect(of("HEAT")).toContainEqual(expect.objectContaining({ company: expect.not.stringContaining("丹河"), status: "REQUESTED" }))
	})

	test("on a cancelled request is taken, and what was opened for nothing is a finding", async () => {
		const gone = {
			specversion: "1.0",
			id: "gone",
			source: "urn:jz:registry",
			type: "yima.registration.retracted.v1",
			subject: FLAT,
			time: "2023-06-25T09:00:00+08:00",
			data: { event: { id: "R-0041" }, reason: "登错" },
		}
		await town.submit([gone])
		const kinds = (service: string) =>
			ask(FEED, { service }).then((data) => data.accountRequests.edges.map((each: { node: { kind: string } }) => each.node.kind))
		expect(await kinds("GAS")).toEqual(["OPEN", "CANCEL", "OPEN", "CANCEL"])
		// What the company has opened is not cancelled any more.
		expect(await kinds("POWER")).toEqual(["OPEN", "CANCEL", "OPEN"])
		const input = { requestId: `${FLAT}-gas`, service: "GAS", company: "焦作中燃公司", status: "OPENED", accountNo: "G00180045" }
		expect((await ask(REPORT, { input })).reportAccount).toMatchObject({ status: "ACCEPTED" })
		const { unit } = await ask(`{ unit(code: "${FLAT}") { findings { code } utilityAccounts { service status } } }`)
		expect(unit.findings.map((each: { code: string }) => each.code)).toContain("C39")
		expect(unit.utilityAccounts).toContainEqual({ service: "GAS", status: "CANCELLED" })
		const back = { ...gone, id: "not-gone", time: "2023-06-26T09:00:00+08:00", data: { event: { id: "gone" }, reason: "没有登错" } }
		await town.submit([back])
	})
})

describe("the joint status", () => {
	test("says of a project's flats who has not answered", async () => {
		const all = (await ask(OVERVIEW, { filter: { project: PROJECT } })).accountOverview.edges
		expect(all).toMatchObject([{ node: { unit: FLAT, consent: true, frozen: false, done: false, waitingSince: expect.any(String) } }])
		const found = async (filter: object) => (await ask(OVERVIEW, { filter })).accountOverview.edges.length
		expect(await found({ service: "HEAT", status: ["REQUESTED"] })).toBe(1)
		expect(await found({ service: "POWER", status: ["REQUESTED"] })).toBe(0)
		expect(await found({ olderThan: "2020-01-01T00:00:00Z" })).toBe(0)
		expect(await found({ olderThan: "2030-01-01T00:00:00Z" })).toBe(1)
		expect(await found({ project: "2301-410811-04-01-900001" })).toBe(0)
	})

	test("says that requests are frozen while the correction of their registration belongs nobody knows where, and not once that is retracted", async () => {
		const frozen = async () => (await ask(OVERVIEW, { filter: { unit: FLAT } })).accountOverview.edges[0].node.frozen
		const { subject: _, ...registered } = story("building").find((each) => each["id"] === "R-0041") ?? expect.fail("the story has no registration")
		const corrected = { ...registered, id: "astray", corrects: "R-0041", data: { ...(registered["data"] as Json), applicationNo: "SL-0" } }
		await town.submit([corrected])
		expect(await frozen()).toBe(true)
		const retracted = { ...registered, id: "not-astray", type: "yima.registration.retracted.v1", data: { event: { id: "astray" }, reason: "误录" } }
		await town.submit([retracted])
		expect(await frozen()).toBe(false)
	})

	test("says of a flat for which nothing was asked why: no application was seen", async () => {
		expect((await ask(OVERVIEW, { filter: { unit: "410811001002GB00018F00030043" } })).accountOverview.edges).toMatchObject([
			{ node: { consent: null, done: false, waitingSince: null } },
		])
	})
})

describe("a contact token", () => {
	const REDEEM = `mutation($token: String!, $company: String!, $purpose: String!) { redeemContact(token: $token, company: $company, purpose: $purpose) { name phone } }`

	test("is redeemed by the company that it was given to, with a purpose; no other's, no older one", async () => {
		const all = (await ask(FEED, { service: "WATER" })).accountRequests.edges.map(
			(each: { node: { request: { contactToken: string | null } } }) => each.node.request.contactToken,
		)
		const token = all.at(-1)
		expect((await ask(REDEEM, { token, company: WATER, purpose: "上门装表" })).redeemContact).toEqual({ name: "张三", phone: "13803910001" })
		expect(await refused(REDEEM, { token, company: "山阳水务", purpose: "上门装表" })).toBe("FORBIDDEN")
		expect(await refused(REDEEM, { token: await tokenOf(), company: WATER, purpose: "上门装表" })).toBe("FORBIDDEN")
		expect(await refused(REDEEM, { token, company: WATER, purpose: " " })).toBe("BAD_INPUT")
		expect(await refused(REDEEM, { token: `${String(token).slice(0, -2)}xx`, company: WATER, purpose: "上门装表" })).toBe("FORBIDDEN")
		await ask(REDEEM, { token, company: WATER, purpose: "再次上门" })
		// Each is on record, and nothing that was refused.
		const RECORD = `query($requestId: ID!) { contactRedemptions(requestId: $requestId) { company purpose at } }`
		const { contactRedemptions } = await ask(RECORD, { requestId: REQUEST })
		expect(contactRedemptions).toMatchObject([
			{ company: WATER, purpose: "再次上门" },
			{ company: WATER, purpose: "上门装表" },
		])
	})
})

describe("any derived events", () => {
	test("are pulled by family, type, project and severity; what can never come is refused", async () => {
		const pull = async (filter: object) =>
			(
				await ask(
					`query($filter: DerivedFilter!) { derived(filter: $filter, first: 1000) { edges { node { type subject scope causedBy { id source } data } } } }`,
					{ filter },
				)
			).derived.edges.map((each: { node: Json }) => each.node)
		const all = await pull({})
		for (const [filter, holds] of [
			[{ families: ["finding"] }, (each: Json) => String(each["type"]).startsWith("finding.")],
			[{ types: ["yima.unit.stage-changed.v1"] }, (each: Json) => each["type"] === "unit.stage-changed"],
			[{ severity: ["BLOCK"] }, (each: Json) => (each["data"] as { severity?: string }).severity === "BLOCK"],
		] as const) {
			const some = await pull(filter)
			expect(some.length, JSON.stringify(filter)).toBeGreaterThan(0)
			expect(some).toEqual(all.filter(holds))
		}
		expect((await pull({ project: PROJECT })).length).toBeGreaterThan(0)
		const raised = await pull({ types: ["finding.raised"] })
		expect(await pull({ types: ["finding.raised", "yima.finding.raised.v1"] })).toEqual(raised)
		expect(await pull({ project: "2301-410811-04-01-900001" })).toEqual([])
		expect(all[0].causedBy[0]).toMatchObject({ id: expect.any(String), source: expect.any(String) })
		expect(await refused(`{ derived(filter: { types: ["sales.contract-filed"] }) { pageInfo { endCursor } } }`)).toBe("BAD_INPUT")
		expect(await refused(`{ derived(filter: { families: ["clock"] }) { pageInfo { endCursor } } }`)).toBe("BAD_INPUT")
	})
})

describe("webhooks", () => {
	const WEBHOOK = `id url status service types project severity batchSize concurrency perSecond cursor waiting held oldestWaitingAt reason secret`
	const create = (input: object) =>
		ask(`mutation($input: WebhookInput!) { createWebhook(input: $input) { ${WEBHOOK} } }`, { input }).then((data) => data.createWebhook)

	test("are made, shown without their secret, changed, paused, resumed, rotated, pinged and removed", async () => {
		const made = await create({ url: "http://127.0.0.1:9/in", service: "WATER", after: "" })
		expect(made).toMatchObject({ status: "ACTIVE", service: "WATER", batchSize: 1, cursor: "", waiting: 3, held: 0, secret: expect.stringMatching(/^whsec_/) })
		const { webhooks } = await ask(`{ webhooks { ${WEBHOOK} notices { kind } } }`)
		expect(webhooks).toMatchObject([{ id: made.id, secret: null, notices: [] }])
		const one = async (mutation: string) => Object.values(await ask(`mutation { ${mutation} }`))[0]
		expect(await one(`pauseWebhook(id: "${made.id}") { status }`)).toEqual({ status: "PAUSED" })
		expect(await one(`resumeWebhook(id: "${made.id}") { status }`)).toEqual({ status: "ACTIVE" })
		expect(await one(`rotateWebhookSecret(id: "${made.id}") { secret }`)).toEqual({ secret: expect.stringMatching(/^whsec_/) })
		expect(
			await one(
				`updateWebhook(id: "${made.id}", input: { url: "http://127.0.0.1:9/other", types: ["finding.raised"], severity: [BLOCK], batchSize: 20 }) { url service types severity batchSize cursor }`,
			),
		).toEqual({
			url: "http://127.0.0.1:9/other",
			service: null,
			types: ["finding.raised"],
			severity: ["BLOCK"],
			batchSize: 20,
			cursor: "",
		})
		expect(await one(`testWebhook(id: "${made.id}") { type status responseStatus request }`)).toEqual({
			type: "webhook.pinged",
			status: "DELIVERED",
			responseStatus: 200,
			request: "POST http://127.0.0.1:9/other",
		})
		expect(await one(`removeWebhook(id: "${made.id}")`)).toBe(true)
		expect(await one(`removeWebhook(id: "${made.id}")`)).toBe(false)
		expect(await refused(`mutation { pauseWebhook(id: "${made.id}") { status } }`)).toBe("NOT_FOUND")
	})

	test("say what is wrong with what is asked", async () => {
		for (const input of [
			`{ url: "nowhere" }`,
			`{ url: "http://a.cn", batchSize: 0 }`,
			`{ url: "http://a.cn", types: ["x"] }`,
			`{ url: "http://a.cn", after: "x" }`,
			`{ url: "http://a.cn", company: "山阳水务" }`,
		])
			expect(await refused(`mutation { createWebhook(input: ${input}) { id } }`), input).toBe("BAD_INPUT")
	})

	test("show what was delivered, page by page, and have it sent again", async () => {
		const made = await create({ url: "http://127.0.0.1:9/in", service: "WATER", after: "" })
		const { rows } = await town.feed.page({ service: "water" }, new Map(), 10)
		const { lease = 0 } = (await town.webhooks.find(made.id)) ?? {}
		await town.webhooks.advance(made.id, lease, { cursor: made.cursor, deliveries: [0, 1].map((n) => delivered(rows[n], n)), notices: [] })
		// What it holds lies before its cursor: whoever goes on elsewhere from there is not to miss it.
		const held = { ...delivered(rows[1], 1), status: "HELD" as const, nextAt: 1 }
		const shownCursor = () => ask(`{ webhooks { id cursor } }`).then((data) => data.webhooks.find((each: { id: string }) => each.id === made.id).cursor)
		const passed = rows.map(({ partition, number }) => `${partition}-${number}`).slice(0, 3)
		await town.webhooks.advance(made.id, lease, { cursor: passed.at(-1) ?? "", deliveries: [held], notices: [] })
		expect((await ask(FEED, { service: "WATER", after: await shownCursor() })).accountRequests.edges).toHaveLength(rows.length - 1)
		await town.webhooks.advance(made.id, lease, { cursor: made.cursor, deliveries: [delivered(rows[1], 1)], notices: [] })
		expect(await shownCursor()).toBe(made.cursor)
		const page = `query($after: String) { deliveries(webhook: "${made.id}", first: 1, after: $after) { pageInfo { hasNextPage endCursor } edges { node { id status cursor attempts responseStatus latencyMs request } } } }`
		const { deliveries: first } = await ask(page)
		expect(first).toMatchObject({ pageInfo: { hasNextPage: true }, edges: [{ node: { status: "DELIVERED", responseStatus: 200, latencyMs: 5 } }] })
		const { deliveries: second } = await ask(page, { after: first.pageInfo.endCursor })
		expect(second).toMatchObject({ pageInfo: { hasNextPage: false } })
		const [head, body] = second.edges[0].node.request.split("\n\n")
		expect(head).toContain("cloudevents")
		expect(JSON.parse(body).data).toMatchObject({ kind: "OPEN", unit: FLAT, holder: mask("name", "张三") })
		const redeliver = (args: string) => ask(`mutation { redeliver(webhook: "${made.id}", ${args}) }`).then((data) => data.redeliver)
		expect(await redeliver(`after: "", preview: true`)).toBe(2)
		expect(await redeliver(`ids: ["${first.edges[0].node.id}"]`)).toBe(1)
		expect((await ask(`{ deliveries(webhook: "${made.id}", status: WAITING) { edges { node { id } } } }`)).deliveries.edges).toHaveLength(1)
		expect(await redeliver(`since: "2020-01-01T00:00:00Z"`)).toBe(1)
		expect(await refused(`mutation { redeliver(webhook: "${made.id}") }`)).toBe("BAD_INPUT")
		expect(await refused(`mutation { redeliver(webhook: "${made.id}", ids: ["other:1-1"]) }`)).toBe("BAD_INPUT")
		expect((await town.webhooks.find(made.id))?.lease).toBeGreaterThan(lease)
	})

	test("tell the joint status when the company's own has received the last request; what it answers counts by revision, not by its clock", async () => {
		const heatOf = () => accountOf("HEAT")
		const { rows } = await town.feed.page({ service: "heat" }, new Map(), 10)
		const received = async (input: object) => {
			const made = await create({ url: "http://127.0.0.1:9/in", after: "", ...input })
			const { lease = 0 } = (await town.webhooks.find(made.id)) ?? {}
			await town.webhooks.advance(made.id, lease, { cursor: "", deliveries: [delivered(rows.at(-1))], notices: [] })
			return made.id
		}
		const before = await heatOf()
		expect(before).toMatchObject({ status: "REQUESTED" })
		await received({})
		await received({ service: "HEAT", company: "丹河热力" })
		expect(await heatOf()).toMatchObject({ status: "REQUESTED" })
		const id = await received({ service: "HEAT", company: before.company })
		expect(await heatOf()).toMatchObject({ status: "DELIVERED" })
		// That it asks for it again takes nothing back.
		expect((await ask(`mutation { redeliver(webhook: "${id}", after: "") }`)).redeliver).toBe(1)
		const report = (more: object) =>
			ask(REPORT, { input: { requestId: before.requestId, service: "HEAT", company: before.company, ...more } }).then((data) => data.reportAccount.status)
		expect(await report({ status: "ACCEPTED", revision: 1, occurredAt: "2023-06-19T09:00:00Z" })).toBe("ACCEPTED")
		expect(await heatOf()).toMatchObject({ status: "DELIVERED" })
		expect(await report({ status: "OPENED", accountNo: "H00180045", occurredAt: "2023-06-20T09:00:00Z" })).toBe("ACCEPTED")
		expect(await heatOf()).toMatchObject({ status: "OPENED", accountNo: "H00180045" })
	})
})
