import { sealed, TYPE_NAMES, type TypeName, wireTypeOf } from "@yima/schemas"
import type { Json } from "@yima/test-kit"
import { type Fields, record, text, wrong } from "./record.ts"
import { rfc3339 } from "./when.ts"

/** The parts of an effect schema that say which keys it has. */
interface Shape {
	readonly _tag: string
	readonly propertySignatures?: readonly { readonly name: PropertyKey; readonly type: Shape }[]
	readonly rest?: readonly Shape[]
	readonly types?: readonly Shape[]
}

/** The contract keeps fields that it does not know; in a story one of these is a slip. */
const checkKeys = (value: unknown, shape: Shape, where: string): void => {
	const [entry] = shape.rest ?? []
	if (Array.isArray(value) && entry !== undefined) for (const [at, each] of value.entries()) checkKeys(each, entry, `${where}/${at}`)
	if (Array.isArray(value)) return
	if (typeof value !== "object" || value === null) return
	const fields = new Map([shape, ...(shape.types ?? [])].flatMap((each) => each.propertySignatures ?? []).map((each) => [String(each.name), each.type]))
	if (fields.size === 0) return
	record(value, where, [...fields.keys()])
	for (const [key, each] of Object.entries(value)) {
		const inner = fields.get(key)
		if (inner !== undefined) checkKeys(each, inner, `${where}/${key}`)
	}
}

const KEYS = ["id", "type", "source", "subject", "time", "precision", "corrects", "stated", "data"]

const isType = (name: string): name is TypeName => (TYPE_NAMES as readonly string[]).includes(name)

const when = (value: unknown, where: string): string => {
	const full = rfc3339(text(value, where))
	if (full === null) throw wrong(where, `应为 2023-05-01 或 2023-05-01 10:30,而非 ${JSON.stringify(value)}`)
	return full
}

/** A story's compact event as the CloudEvent that its department would send. `sources`: who speaks for a family unless it says so. */
export const sending = (given: unknown, sources: Fields, where: string): Json => {
	const event = record(given, where, KEYS)
	const id = text(event["id"], `${where}/id`)
	const at = `${where} 事件 ${id}`
	const type = text(event["type"], `${at}/type`)
	if (!isType(type)) throw wrong(at, `没有名为 ${type} 的事件类型`)
	const data = event["data"] ?? {}
	checkKeys(data, (sealed[type].data as unknown as { readonly ast: Shape }).ast, `${at}/data`)
	const { source = sources[type.slice(0, type.indexOf("."))], subject, precision, corrects, stated } = event
	return {
		specversion: "1.0",
		id,
		source: text(source, `${at}/source`),
		type: wireTypeOf(type),
		time: when(event["time"], `${at}/time`),
		...(subject === undefined ? {} : { subject }),
		...(precision === undefined ? {} : { timeprecision: precision }),
		...(corrects === undefined ? {} : { corrects }),
		...(stated === undefined ? {} : { statedat: when(stated, `${at}/stated`) }),
		data,
	}
}
