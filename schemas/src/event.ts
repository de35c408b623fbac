import type { Data, TypeName } from "./events/catalogue.ts"
import type { Identifier } from "./identifier.ts"
import type { Known, Moment } from "./moment.ts"
import type { Code } from "./scope.ts"
import type { EventKey, Source } from "./source.ts"

/**
 * A number that an event names: one of `data.refs`, or one of the type's own fields.
 * `defines`: the type gives it its meaning (◆). `entry`: the unit of the list entry that it stands in; null: the whole event's.
 */
export interface Mention extends Identifier {
	readonly defines: boolean
	readonly entry: Code | null
}

/** An event, decoded. `D` is its data: sealed in the log and the core, open at the door. */
export interface Event<T extends TypeName = TypeName, D = Data[T]> {
	readonly key: EventKey
	readonly source: Source
	readonly id: string
	readonly type: T
	/** As the sender named it: a whole building or bare land keeps its 28 characters. */
	readonly subject: Code | null
	readonly time: Moment
	/** Known by its day only: no order within the day (`semantics.md` §4). */
	readonly byDay: boolean
	/** The event that this one replaces wholly. */
	readonly corrects: EventKey | null
	/** When the correction was said; `time` where the sender does not say. */
	readonly statedAt: Moment
	readonly mentions: readonly Mention[]
	/** Extension attributes that the contract does not know: kept. */
	readonly extensions: Readonly<Record<string, unknown>>
	readonly data: D
}

/** An event of any one type: `type` tells which data it has. */
export type AnyEvent = { readonly [T in TypeName]: Event<T> }[TypeName]

/** An event as the log gave it: `known` is its recorded time; of two bodies under one key the least (known, partition, offset) stands. */
export interface Entry {
	readonly event: AnyEvent
	readonly known: Known
	readonly partition: number
	readonly offset: bigint
}
