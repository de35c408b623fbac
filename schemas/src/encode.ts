import type { WireEvent } from "./decode.ts"
import { wireTypeOf } from "./decode.ts"
import type { AnyEvent, Event } from "./event.ts"
import { type TypeName, wire } from "./events/catalogue.ts"
import { formatMoment, isMidnight } from "./moment.ts"
import { sealPerson } from "./party.ts"
import type { Sealer } from "./seal.ts"

/** The event as CloudEvents JSON, as the log holds it: decoding it gives an equal event. */
export const toCloudEvent = (event: Event<TypeName, unknown>): Readonly<Record<string, unknown>> => ({
	...event.extensions,
	specversion: "1.0",
	id: event.id,
	source: event.source,
	type: wireTypeOf(event.type),
	...(event.subject === null ? {} : { subject: event.subject }),
	time: formatMoment(event.time),
	...(event.byDay === isMidnight(event.time) ? {} : { timeprecision: event.byDay ? "day" : "second" }),
	...(event.corrects === null ? {} : { corrects: event.corrects.slice(event.source.length + 1), statedat: formatMoment(event.statedAt) }),
	datacontenttype: "application/json",
	data: event.data,
})

/** A natural person: has a number of some paper, and is no organisation (`events.md`, values). */
const isPerson = (value: object): boolean => ("idKind" in value ? value.idKind !== "uscc" : "idNumber" in value)

/** The parts of a schema that say which fields it has. */
interface Shape {
	readonly propertySignatures?: readonly { readonly name: PropertyKey; readonly type: Shape }[]
	readonly rest?: readonly Shape[]
}

type Fields = ReadonlyMap<PropertyKey, Shape>
const NOTHING: Fields = new Map()
const known = new WeakMap<Shape, Fields>()

const fieldsOf = (shape: Shape | undefined): Fields => {
	if (shape?.propertySignatures === undefined) return NOTHING
	const found = known.get(shape) ?? new Map(shape.propertySignatures.map(({ name, type }) => [name, type]))
	known.set(shape, found)
	return found
}

/** `shape`: what the contract knows of the value. Its own text stays in clear whatever unknown fields stand beside it, or the log could not be read again. What holds no person is given back as it is, not copied. */
const sealIn = (value: unknown, sealer: Sealer, shape?: Shape): unknown => {
	if (typeof value !== "object" || value === null) return value
	if (Array.isArray(value)) {
		let list: unknown[] = value
		for (const [at, each] of value.entries()) {
			const sealed = sealIn(each, sealer, shape?.rest?.[0])
			if (sealed === each) continue
			if (list === value) list = [...value]
			list[at] = sealed
		}
		return list
	}
	const fields = fieldsOf(shape)
	let inside = value as Record<string, unknown>
	for (const key of Object.keys(value)) {
		const each = (value as Readonly<Record<string, unknown>>)[key]
		if (typeof each !== "object" || each === null) continue
		const sealed = sealIn(each, sealer, fields.get(key))
		if (sealed === each) continue
		if (inside === value) inside = { ...value }
		inside[key] = sealed
	}
	return isPerson(value) ? sealPerson(inside, sealer, (field) => fields.has(field) && !fields.has("idKind")) : inside
}

/** The event with every natural person in it sealed, in fields and attributes that the contract does not know too (architecture rule 13). */
export const sealEvent = (event: WireEvent, sealer: Sealer): AnyEvent =>
	({ ...event, extensions: sealIn(event.extensions, sealer), data: sealIn(event.data, sealer, wire[event.type].data.ast as unknown as Shape) }) as AnyEvent
