import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { heard } from "../src/heard.ts"
import { BUILDING, FLAT, granted, OTHER, PARCEL, PROJECT, project, said, sale, survey, tax } from "../src/story.ts"
import { startTown, type Town } from "../src/town.ts"

interface Change {
	readonly kind: string
	readonly cursor: string
	readonly event: {
		readonly id: string
		readonly title: string
		readonly recordedAt: string
		readonly inheritedFrom: string | null
		readonly subject: string | null
	}
}

let town: Town
beforeAll(async () => {
	town = await startTown()
	await town.submit([granted(), survey(), sale("HT1")])
}, 120_000)
afterAll(() => town?.stop())

const UNIT_EVENTS = `subscription($after: String) { unitEvents(code: "${FLAT}", after: $after) { kind cursor event { id title recordedAt inheritedFrom subject department data } } }`

const listen = (after: string | null, count: number, meanwhile?: () => Promise<unknown>, headers = {}, patience = 3000): Promise<readonly Change[]> =>
	heard<Change>(town, UNIT_EVENTS, { after }, { count, headers, patience, ...(meanwhile === undefined ? {} : { meanwhile }) })

describe("a listener to one flat", () => {
	let cursors: readonly string[] = []
	const receipt = tax("HT1")

	test("hears what comes, its own and inherited, and nothing of its neighbour", async () => {
		const heard = await listen(null, 3, async () => {
			await town.submit([sale("HT2", OTHER), receipt, said("land.premium-paid", "2023-01-05", PARCEL, { amountCny: "1.00", paidInFull: true })])
			await town.submit([said("planning.verified", "2024-01-01", BUILDING, { verificationNo: "HS1", passed: true })])
		})
		expect(heard.map(({ kind, event }) => [kind, event.title, event.inheritedFrom])).toEqual(
			expect.arrayContaining([
				["ADDED", "契税完税", null],
				["ADDED", "出让金缴纳", PARCEL],
				["ADDED", "规划核实", BUILDING],
			]),
		)
		expect(heard).toHaveLength(3)
		cursors = heard.map(({ cursor }) => cursor)
	})

	test("goes on from any cursor: none missed, none twice", async () => {
		const all = await listen(cursors[0] ?? null, 2)
		for (const [n, cursor] of cursors.entries()) {
			const heard = await listen(cursor, 2 - n, undefined, {}, 2000)
			expect(heard.map(({ event }) => event.id)).toEqual(all.slice(n).map(({ event }) => event.id))
		}
		const again = await listen(null, 2, undefined, { "last-event-id": cursors[0] ?? "" }, 2000)
		expect(again.map(({ event }) => event.id)).toEqual(all.map(({ event }) => event.id))
	}, 60_000)

	test("hears nothing twice that it has heard", async () => {
		expect(await listen(cursors.at(-1) ?? null, 1, undefined, {}, 1500)).toEqual([])
	})

	test("hears of a retraction, and of what moves away", async () => {
		const heard = await listen(cursors.at(-1) ?? null, 3, async () => {
			await town.submit([
				said("registrar.resolved", "2026-05-01", null, {
					event: { source: receipt["source"], id: receipt["id"] },
					subjects: [OTHER],
					reason: "改挂",
					by: "登记员",
				}),
			])
		})
		expect(heard.map(({ kind, event }) => [kind, event.title])).toEqual(
			expect.arrayContaining([
				["MOVED_AWAY", "契税完税"],
				["ADDED", "人工挂接"],
			]),
		)
		cursors = heard.map(({ cursor }) => cursor)
	})

	test("hears of a project's past once the flat belongs to it", async () => {
		await town.submit([said("project.enlisted", "2023-01-10", null, { projectCode: PROJECT })])
		const heard = await listen(cursors.at(-1) ?? null, 2, () => town.submit([project()]))
		expect(heard.map(({ kind, event }) => [kind, event.title])).toEqual(
			expect.arrayContaining([
				["ADDED", "立项"],
				["ADDED", "纳入交房即交证清单"],
			]),
		)
		expect(await listen(heard[0]?.cursor ?? null, 1, undefined, {}, 2000)).toMatchObject([{ event: { id: heard[1]?.event.id } }])
		expect(await listen(heard[1]?.cursor ?? null, 1, undefined, {}, 1500)).toEqual([])
	}, 60_000)
})

test("nobody looks any more once nobody listens", async () => {
	await listen(null, 1, undefined, {}, 700)
	await new Promise((resolve) => setTimeout(resolve, 300))
	town.statements()
	await new Promise((resolve) => setTimeout(resolve, 800))
	expect(town.statements()).toEqual([])
})

test("a cursor of another flat is refused", async () => {
	const response = await town.gateway.fetch(
		new Request("http://town/graphql", {
			method: "POST",
			headers: { "content-type": "application/json", accept: "text/event-stream" },
			body: JSON.stringify({ query: `subscription { unitEvents(code: "${OTHER}", after: "bm9uc2Vuc2U") { cursor } }` }),
		}),
	)
	expect(await response.text()).toContain("BAD_INPUT")
})
