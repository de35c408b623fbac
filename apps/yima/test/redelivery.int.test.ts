import { describe, expect, test } from "vitest"
import { type Delivery, eventually, useOffice } from "./endpoints.ts"

const at = useOffice()

const unit = (n: number): string => `410811001002GB00018F0001000${n}`
const HOUR = 3600 * 1_000_000

/** An endpoint that has been given two units' events of three hours, in both partitions. */
const settled = async (status: () => number = () => 200) => {
	const endpoint = await at.endpoint({}, (response) => response.writeHead(status()).end())
	const hours: string[] = []
	for (let hour = 0; hour < 3; hour++) {
		at.office.clock.passed += HOUR
		hours.push(new Date(at.office.now() / 1000).toISOString())
		for (const each of [0, 1, 0]) await at.office.say(each, unit(each))
		await eventually(async () => expect(await endpoint.delivered()).toHaveLength(3 * (hour + 1)))
		await eventually(async () => expect((await endpoint.shown("waiting")).waiting).toBe(0))
	}
	const numbers = ({ cursor }: Delivery) =>
		cursor
			.split("-")
			.map((each) => each.padStart(10))
			.join()
	const all = (await endpoint.delivered()).toSorted((a, b) => (numbers(a) < numbers(b) ? -1 : 1))
	const redeliver = async (args: string): Promise<number> => (await at.office.ask(`mutation { redeliver(webhook: "${endpoint.id}", ${args}) }`)).redeliver
	return { endpoint, hours, all, redeliver, cursor: async (): Promise<string> => (await endpoint.shown("cursor")).cursor }
}
type Settled = Awaited<ReturnType<typeof settled>>

/** Places of one partition behind a number. */
const behind = (all: readonly Delivery[], numbers: Readonly<Record<string, number>>): readonly Delivery[] =>
	all.filter(({ cursor }) => {
		const [partition = "", number = ""] = cursor.split("-")
		return Number(number) > (numbers[partition] ?? 0)
	})
/** The number behind which the last `many` of a partition lie. */
const before = (all: readonly Delivery[], partition: number, many: number): number =>
	Number(
		all
			.filter(({ cursor }) => cursor.startsWith(`${partition}-`))
			.at(-many)
			?.cursor.split("-")[1],
	) - 1

type Way = (settled: Settled) => readonly [args: string, wanted: readonly Delivery[]]

const WAYS: readonly (readonly [way: string, of: Way])[] = [
	["since a moment", ({ all, hours }) => [`since: "${hours[1]}"`, behind(all, { 0: before(all, 0, 4), 1: before(all, 1, 2) })]],
	["since before everything", ({ all }) => [`since: "2020-01-01T00:00:00Z"`, all]],
	["since after everything", () => [`since: "2100-01-01T00:00:00Z"`, []]],
	["after a cursor", ({ all }) => [`after: "0-${before(all, 0, 1)},1-${before(all, 1, 3)}"`, behind(all, { 0: before(all, 0, 1), 1: before(all, 1, 3) })]],
	["after the beginning", ({ all }) => [`after: ""`, all]],
	[
		"by their ids, in whatever order",
		({ all }) => {
			const some = all.filter((_, n) => n % 3 !== 1)
			return [
				`ids: [${some
					.map(({ id }) => `"${id}"`)
					.reverse()
					.join(", ")}]`,
				some,
			]
		},
	],
]

describe("redelivery", () => {
	test.each(WAYS)("%s sends what its preview counts: these and no others, each unit's in order, under the ids that they had", async (_, of) => {
		const { endpoint, redeliver, cursor, ...rest } = await settled()
		const [args, wanted] = of({ endpoint, redeliver, cursor, ...rest })
		const reached = await cursor()
		endpoint.received.length = 0
		expect(await redeliver(`${args}, preview: true`)).toBe(wanted.length)
		expect(await endpoint.shown("held")).toEqual({ held: 0 })
		expect(await redeliver(args)).toBe(wanted.length)
		await eventually(async () => expect((await endpoint.delivered()).filter(({ attempts }) => attempts === 2)).toHaveLength(wanted.length))
		await at.office.say(0, unit(0))
		await eventually(() => expect(endpoint.received.length).toBeGreaterThan(wanted.length))
		const came = endpoint.received.map(({ headers, body }) => {
			const { id, subject } = JSON.parse(body) as { readonly id: string; readonly subject: string }
			expect(headers["webhook-id"]).toBe(id)
			return { id, subject }
		})
		const again = came.slice(0, -1)
		for (const each of [unit(0), unit(1)])
			expect(again.filter(({ subject }) => subject === each).map(({ id }) => id)).toEqual(
				wanted.filter(({ subject }) => subject === each).map((row) => row.cursor),
			)
		expect(again).toHaveLength(wanted.length)
		expect(
			(await endpoint.delivered())
				.filter(({ attempts }) => attempts === 2)
				.map(({ id }) => id)
				.sort(),
		).toEqual(wanted.map(({ id }) => id).sort())
		// The cursor goes on, and never back.
		await eventually(async () => expect(await cursor()).not.toBe(reached))
		expect(new Set((await endpoint.delivered()).map(({ status }) => status))).toEqual(new Set(["DELIVERED"]))
	})

	test("of a paused endpoint waits until it is resumed", async () => {
		const { endpoint, all, redeliver } = await settled()
		await endpoint.mutate("pauseWebhook", "id")
		endpoint.received.length = 0
		expect(await redeliver(`after: ""`)).toBe(all.length)
		expect(await endpoint.shown("status held")).toEqual({ status: "PAUSED", held: all.length })
		await endpoint.mutate("resumeWebhook", "id")
		await eventually(async () => expect(await endpoint.shown("held")).toEqual({ held: 0 }))
		expect(endpoint.received).toHaveLength(all.length)
	})

	test("that is refused is held, and what is refused for good is sent again when it is asked for", async () => {
		let status = 200
		const { endpoint, all, redeliver } = await settled(() => status)
		status = 422
		const [one] = all.filter(({ subject }) => subject === unit(1))
		expect(await redeliver(`ids: ["${one?.id}"]`)).toBe(1)
		const of = async () => (await endpoint.delivered()).find(({ id }) => id === one?.id)
		await eventually(async () => expect((await of())?.status).toBe("HELD"))
		at.office.clock.passed += 8 * 24 * HOUR
		await eventually(async () => expect((await of())?.status).toBe("FAILED"))
		status = 200
		expect(await redeliver(`ids: ["${one?.id}"], preview: true`)).toBe(1)
		expect(await redeliver(`ids: ["${one?.id}"]`)).toBe(1)
		await eventually(async () => expect((await of())?.status).toBe("DELIVERED"))
		expect(new Set((await endpoint.delivered()).map((each) => each.status))).toEqual(new Set(["DELIVERED"]))
	})
})
