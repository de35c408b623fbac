import type { Mail, Place } from "@yima/registry"
import type { EventKey, Known, Moment, Scope } from "@yima/schemas"

/** A scope of which something may have changed, and the event behind it. */
export type Touched = readonly [scope: Scope, by: EventKey]

/**
 * What a letter asks for: to settle events again (再看一眼), each because of another; to see what has become of scopes, or of all that lies below
 * a scope, slice by slice after one of them. `via`: the earlier codes over which it came; a lineage that closes is walked once. `tries`: how often
 * they were looked at in vain, for what is known of them was not final.
 */
export type Letter =
	| { readonly look: readonly (readonly [key: EventKey, by: EventKey])[] }
	| { readonly refresh: readonly Touched[]; readonly via?: readonly Scope[]; readonly tries?: number }
	| { readonly below: Touched; readonly after: Scope | null }

/** Why an event is to be looked at again. `from`: the least recorded time from which what it rests on differs; `by`: the event behind it, where one is known; `causes`: the records behind it, of each partition the first. */
export interface Why {
	readonly by: EventKey | null
	readonly from: Known
	readonly causes: readonly Place[]
}

export const writeLetter = (letter: Letter): string => JSON.stringify(letter)
/** Letters are our own: what does not read is a defect. */
export const readLetter = (task: string): Letter => JSON.parse(task) as Letter

/** The most events that one letter asks for: its worker's turn stays short. */
export const SLICE = 500

/** What is left for the owners of other partitions, and for later turns of one's own: one letter per owner, partition of a cause and slice, of this turn alone. */
export class Outbox {
	readonly #whys = new Map<number, Map<EventKey, Why>>()

	add(partition: number, key: EventKey, why: Why): void {
		const all = this.#whys.get(partition) ?? new Map<EventKey, Why>()
		this.#whys.set(partition, all)
		const other = all.get(key)
		all.set(key, other === undefined ? why : earlier(why, other))
	}

	/** An event that is asked for because of several partitions' records is in a letter for each: whoever waits for one of them waits for its letter. */
	letters(): readonly Mail[] {
		return [...this.#whys].flatMap(([partition, all]) => {
			const asked = [...all].flatMap(([key, { by, from, causes }]) => causes.map((cause) => ({ key, by: by ?? key, from, cause })))
			return [...Map.groupBy(asked, ({ cause }) => cause.partition).values()].flatMap((some) =>
				sliced(some, SLICE).flatMap((slice) =>
					firsts(slice.map((each) => each.cause)).map((cause) => ({
						partition,
						due: 0 as Moment,
						from: Math.min(...slice.map((each) => each.from)) as Known,
						cause,
						task: writeLetter({ look: slice.map((each) => [each.key, each.by]) }),
					})),
				),
			)
		})
	}
}

/** Of each partition the first of these places. */
export const firsts = (places: readonly Place[]): readonly Place[] => {
	const found = new Map<number, bigint>()
	for (const { partition, offset } of places) {
		const other = found.get(partition)
		if (other === undefined || offset < other) found.set(partition, offset)
	}
	return [...found].map(([partition, offset]) => ({ partition, offset }))
}

/** Both reasons in one: whoever waits for either waits for this. */
export const earlier = (a: Why, b: Why): Why => ({ by: a.by ?? b.by, from: Math.min(a.from, b.from) as Known, causes: firsts([...a.causes, ...b.causes]) })

export const sliced = <A>(all: readonly A[], size: number): readonly (readonly A[])[] =>
	Array.from({ length: Math.ceil(all.length / size) }, (_, n) => all.slice(n * size, (n + 1) * size))
