import "effect/schema/SchemaJITCompiler/enable"
import { Result, Schema } from "effect"
import { BOUNDS, boundsProblem } from "./bounds.ts"
import { crossProblems, type Envelope, envelope, STANDARD } from "./envelope.ts"
import type { AnyEvent, Event, Mention } from "./event.ts"
import { isRetracted, sealed, TYPE_NAMES, type TypeName, type WireData, wire } from "./events/catalogue.ts"
import { isBlank } from "./identifier.ts"
import { problemsOf } from "./issues.ts"
import { mentionsOf } from "./mentions.ts"
import { isMidnight, type Moment, parseMoment } from "./moment.ts"
import { type Checked, type Problem, type ProblemCode, shown } from "./problem.ts"
import { eventKey, type Source } from "./source.ts"

/** An event as a department sends it, decoded: natural persons still open. */
export type WireEvent = { readonly [T in TypeName]: Event<T, WireData[T]> }[TypeName]

/** Puts back the fields that a decoder did not know, at every level. What it decoded keeps the places of what it read. */
const keepUnknown = (input: unknown, decoded: unknown): void => {
	if (input === decoded || typeof input !== "object" || input === null || typeof decoded !== "object" || decoded === null) return
	const [from, to] = [input as Readonly<Record<string, unknown>>, decoded as Record<string, unknown>]
	for (const key in from)
		if (Object.hasOwn(to, key)) keepUnknown(from[key], to[key])
		else to[key] = from[key]
}

/**
 * What is right and canonical already, as everything in the log is, is taken as it is. The rest is decoded; the compiled
 * decoder stops at the first problem, and whoever fails it is read again by the one that lists them all.
 */
const decoder = <A, I>(schema: Schema.Codec<A, I>): ((input: unknown) => Result.Result<A, Schema.SchemaError>) => {
	const isCanonical = Schema.is(Schema.toType(schema))
	const [fast, thorough] = [Schema.decodeUnknownResult(schema), Schema.decodeUnknownResult(schema, { errors: "all" })]
	return (input) => {
		if (isCanonical(input)) return Result.succeed(input)
		const read = fast(input)
		if (Result.isFailure(read)) return thorough(input)
		keepUnknown(input, read.success)
		return read
	}
}

const decodeEnvelope = decoder(envelope)

const readers = (types: { readonly [T in TypeName]: { readonly data: Schema.Codec<unknown, unknown> } }) =>
	Object.fromEntries(Object.entries(types).map(([name, { data }]) => [name, decoder(data)])) as unknown as {
		readonly [T in TypeName]: (input: unknown) => Result.Result<unknown, Schema.SchemaError>
	}

const readWire = readers(wire)
const readSealed = readers(sealed)

const names: ReadonlySet<string> = new Set(TYPE_NAMES)

/** The short name of a wire type: `yima.land.granted.v1` is `land.granted`; null where the contract has no such type. */
export const typeNameOf = (wireType: string): TypeName | null => {
	const [, name] = /^yima\.([a-z]+\.[a-z-]+)\.v1$/.exec(wireType) ?? []
	return name !== undefined && names.has(name) ? (name as TypeName) : null
}

/** The type on the wire. */
export const wireTypeOf = (name: TypeName): string => `yima.${name}.v1`

/** A department's event, as parsed from JSON: decoded, or every problem of it at once. Never throws. */
export const decodeWire = (input: unknown): Checked<WireEvent> => {
	const read = decode(input, readWire) as Checked<WireEvent>
	if (!isRecord(input) || !("recordedtime" in input)) return read
	const problem: Problem = { code: "recordedtime", pointer: "/recordedtime", message: "recordedtime 由登记系统写入,来文不得携带" }
	return Result.fail(Result.isFailure(read) ? [problem, ...read.failure] : [problem])
}

/** An event as the log holds it: natural persons sealed. Never throws. */
export const decodeSealed = (input: unknown): Checked<AnyEvent> => decode(input, readSealed) as Checked<AnyEvent>

/** As `decodeWire`, from JSON text. */
export const decodeText = (json: string): Checked<WireEvent> => {
	if (json.length > BOUNDS.characters) return fail("too-large", "", `事件共 ${json.length} 个字符,最多 ${BOUNDS.characters} 个`)
	const parsed = Result.try(() => JSON.parse(json) as unknown)
	return Result.isFailure(parsed) ? fail("json", "", `不是有效的 JSON(共 ${json.length} 个字符)`) : decodeWire(parsed.success)
}

const fail = (code: ProblemCode, pointer: string, message: string): Result.Result<never, readonly Problem[]> => Result.fail([{ code, pointer, message }])

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === "object" && value !== null && !Array.isArray(value)

const decode = (input: unknown, read: typeof readWire): Checked<Event<TypeName, unknown>> => {
	const hostile = boundsProblem(input)
	if (hostile !== null) return Result.fail([hostile])
	if (!isRecord(input)) return fail("type", "", "事件应为 JSON 对象")
	const head = decodeEnvelope(input)
	const problems: Problem[] = Result.isFailure(head) ? problemsOf(head.failure.issue, input, "") : []
	const named = input["type"]
	const type = typeof named === "string" ? typeNameOf(named) : null
	if (type === null) {
		if (typeof named === "string" && !isBlank(named)) problems.push({ code: "unknown-type", pointer: "/type", message: `没有名为${shown(named)}的事件类型` })
		return Result.fail(problems)
	}
	problems.push(...crossProblems(input, wireTypeOf(type), isRetracted(type)))
	const data = read[type](input["data"])
	if (Result.isFailure(data) && "data" in input) problems.push(...problemsOf(data.failure.issue, input["data"], "/data"))
	const mentions = Result.isFailure(data) ? [] : mentionsOf(type, data.success)
	if (Result.isSuccess(data) && !("subject" in input) && mentions.length === 0 && needsPlace(type) && !namesPlace(type, data.success))
		problems.push({ code: "subject", pointer: "/subject", message: "未写 subject 时,至少要有一个业务标识、清单中的一个代码,或所回报的请求编号" })
	if (Result.isFailure(head) || Result.isFailure(data) || problems.length > 0) return Result.fail(problems)
	return Result.succeed(eventOf(type, head.success, mentions, data.success))
}

const eventOf = (type: TypeName, head: Envelope, mentions: readonly Mention[], data: unknown): Event<TypeName, unknown> => {
	const time = parseMoment(head.time) as Moment
	const source = head.source as Source
	return {
		key: eventKey(source, head.id),
		source,
		id: head.id,
		type,
		subject: head.subject ?? null,
		time,
		byDay: head.timeprecision === undefined ? isMidnight(time) : head.timeprecision === "day",
		corrects: head.corrects === undefined ? null : eventKey(source, head.corrects),
		statedAt: head.statedat === undefined ? time : (parseMoment(head.statedat) as Moment),
		mentions,
		extensions: extensionsOf(head),
		data,
	}
}

const extensionsOf = (head: object): Readonly<Record<string, unknown>> => {
	let found: Record<string, unknown> | undefined
	for (const key in head)
		if (!STANDARD.has(key)) {
			found ??= {}
			found[key] = (head as Readonly<Record<string, unknown>>)[key]
		}
	return found ?? NONE
}
const NONE: Readonly<Record<string, unknown>> = {}

/** A retraction and a decision stand where the event that they name stands; what is about the registry stands nowhere. */
const needsPlace = (type: TypeName): boolean => sealed[type].levels.length > 0 && !isRetracted(type) && type !== "registrar.resolved"

/** The fields by which an event may tell where it belongs: lists of codes (a parcel's successors, `to`, do not), the request that a report answers. */
export const PLACING_FIELDS = ["units", "buildings", "parcels", "accounts", "perBuilding", "requestId"] as const

const namesPlace = (type: TypeName, data: unknown): boolean =>
	PLACING_FIELDS.some(
		(field) => field in sealed[type].fields && ((data as Readonly<Record<string, readonly unknown[] | string | undefined>>)[field]?.length ?? 0) > 0,
	)
