import { expect, test } from "vitest"
import { Appender, GATHER_BYTES } from "../src/appender.ts"
import { realTime } from "../src/bell.ts"
import { LogUnavailable, type Message } from "../src/index.ts"

const message = (value: string): Message => ({ key: "k", value })
const large = (name: string): Message => message(name.padEnd(GATHER_BYTES * 0.6))
const names = (messages: readonly Message[]): string => messages.map(({ value }) => value.trim()).join()

/** An appender whose commits are looked at, and end when they are told to. */
const scene = () => {
	const commits: string[] = []
	const endings: { readonly resolve: (first: bigint) => void; readonly reject: (error: unknown) => void }[] = []
	const appender = new Appender((messages) => {
		commits.push(names(messages))
		const { promise, resolve, reject } = Promise.withResolvers<bigint>()
		endings.push({ resolve, reject })
		return promise
	}, realTime)
	const committed = (count: number) => expect.poll(() => commits.length).toBe(count)
	return { appender, commits, endings, committed }
}

test("what comes while a commit is under way goes into the next one, in the order in which it came", async () => {
	const { appender, commits, endings, committed } = scene()
	const first = appender.append([message("a")])
	await committed(1)
	const second = appender.append([message("b"), message("c")])
	const third = appender.append([message("d")])
	endings[0]?.resolve(7n)
	await committed(2)
	endings[1]?.resolve(8n)
	expect(await Promise.all([first, second, third])).toEqual([[7n], [8n, 9n], [10n]])
	expect(commits).toEqual(["a", "b,c,d"])
})

test("what is too large for one commit goes in several, and resolves when the last is durable", async () => {
	const { appender, commits, endings, committed } = scene()
	const places = appender.append([large("a"), large("b"), message("c")])
	await committed(1)
	endings[0]?.resolve(0n)
	await committed(2)
	endings[1]?.resolve(5n)
	expect(await places).toEqual([0n, 5n, 6n])
	expect(commits).toEqual(["a", "b,c"])
})

test("nothing of a request overtakes what it failed on; other requests go on", async () => {
	const { appender, commits, endings, committed } = scene()
	const failing = appender.append([large("a"), large("b"), large("c")])
	const other = appender.append([message("d")])
	await committed(1)
	endings[0]?.reject(new LogUnavailable("gone"))
	await expect(failing).rejects.toMatchObject({ _tag: "LogUnavailable" })
	await committed(2)
	endings[1]?.resolve(3n)
	expect(await other).toEqual([3n])
	expect(commits).toEqual(["a", "d"])
})

test("whoever appends as soon as he has his answer is not forgotten", async () => {
	let next = 0n
	const appender = new Appender(
		async (messages) => {
			const first = next
			next += BigInt(messages.length)
			return first
		},
		realTime,
		0,
	)
	for (let i = 0; i < 1000; i++) expect(await appender.append([message("a")])).toEqual([BigInt(i)])
	await appender.drained()
})
