import type { Entry, EventKey, Known } from "@yima/schemas"
import { batch, entryOf, incremental, type World } from "@yima/test-kit"
import type { Story } from "./story.ts"

/** One way in which a story's events come in. */
export interface Run {
	readonly name: string
	readonly entries: readonly Entry[]
	/** The events were learned in the story's order, so that `known` means something. */
	readonly inOrder: boolean
	/** What it comes to, by what is known at this moment. */
	readonly world: (known: Known) => World
}

/** A small generator of numbers in [0, 1): the same seed, the same run (mulberry32). */
const randomOf = (seed: number) => {
	let state = seed >>> 0
	return (): number => {
		state = (state + 0x6d2b79f5) >>> 0
		let t = Math.imul(state ^ (state >>> 15), 1 | state)
		t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
		return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
	}
}

const shuffled = <A>(all: readonly A[], random: () => number): readonly A[] =>
	all
		.map((item) => ({ item, at: random() }))
		.sort((a, b) => a.at - b.at)
		.map((each) => each.item)

/** The recorded time of the n-th event learned; nothing is learned between two. */
export const learned = (at: number): Known => ((at + 1) * 10) as Known

const once = (work: () => World): (() => World) => {
	let done: World | undefined
	return () => {
		done ??= work()
		return done
	}
}

const SEED = Number(process.env["CASEBOOK_SEED"] ?? 811)

/** How else a story may come in than in its order, each by its name; `again`: the same, said once more. */
export const disordersOf = <A>(all: readonly A[], again: readonly A[] = all, random = randomOf(SEED)) => [
	{ name: "倒序", all: all.toReversed() },
	{ name: "重复", all: [...all, ...again] },
	{ name: `打乱(种子 ${SEED})`, all: shuffled(all, random) },
]

/** Forward, reversed, doubled and shuffled through the incremental index, and through the batch specification. */
export const runsOf = ({ given }: Story): readonly Run[] => {
	const entries = given.map((json, at) => entryOf(json, learned(at), 0, at))
	const oneByOne = (name: string, all: readonly Entry[], inOrder = true, pick?: (open: ReadonlySet<EventKey>) => EventKey | undefined): Run => ({
		name,
		entries: all,
		inOrder,
		world: once(() => incremental({ batches: all.map((each) => [each]), ...(pick === undefined ? {} : { pick }) })),
	})
	const again = entries.map((each, at) => ({ ...each, known: learned(given.length + at), offset: BigInt(given.length + at) }))
	const relearned = (all: readonly Entry[]) => all.map((each, at) => ({ ...each, known: learned(at), offset: BigInt(at) }))
	const random = randomOf(SEED)
	const pick = (open: ReadonlySet<EventKey>) => [...open][Math.floor(random() * open.size)]
	return [
		{ name: "规范(整批)", entries, inOrder: true, world: (known) => batch(entries, known) },
		oneByOne("顺序", entries),
		{ name: "一次到齐", entries, inOrder: true, world: once(() => incremental({ batches: [entries] })) },
		...disordersOf(entries, again, random).map(({ name, all }) => oneByOne(name, all, true, pick)),
		oneByOne("倒序获知", relearned(entries.toReversed()), false),
		oneByOne(`重复并打乱(种子 ${SEED})`, shuffled([...entries, ...again], random), true, pick),
		oneByOne(`打乱获知(种子 ${SEED})`, relearned(shuffled(entries, random)), false, pick),
	]
}
