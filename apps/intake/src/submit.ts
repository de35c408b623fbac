import { type Draft, type Keyring, WrappedKeyBroken } from "@yima/access"
import { logKey } from "@yima/linking"
import { type Log, LogBusy, LogUnavailable, type Message } from "@yima/log"
import type { Registry } from "@yima/registry"
import {
	AHEAD,
	type AnyEvent,
	type Checked,
	decodeWire,
	type EventKey,
	formatPosition,
	type Problem,
	type SubmitResult,
	sameBody,
	sealEvent,
	toCloudEvent,
	type WireEvent,
} from "@yima/schemas"
import { Result } from "effect"
import { breathing } from "./breath.ts"
import { countyProblems } from "./counties.ts"
import { Busy, Unavailable } from "./outage.ts"
import { authorityProblems, type Sender } from "./sender.ts"
import { standingUnder } from "./standing.ts"

/** One event as it came: parsed JSON, or why there is none. */
export type Input = { readonly value: unknown } | { readonly problem: Problem }

/** What the door is built on. */
export interface Door {
	readonly log: Pick<Log, "append">
	/** Identities that are taken already are read here. */
	readonly registry: Pick<Registry, "load">
	readonly keyring: Pick<Keyring, "draft" | "fill">
	/** Counties beside the shipped list: development zones that number parcels under digits of their own. Six digits each. */
	readonly localCounties?: ReadonlySet<string>
	/** When an event arrives, ms since 1970. */
	readonly now?: () => number
	/** The trace that this batch is part of; null: none. Events that bring none of their own carry it on. */
	readonly trace?: () => Trace | null
}

/** As W3C Trace Context writes it. */
export interface Trace {
	readonly traceparent: string
	readonly tracestate?: string
}

/** The events whose keys are fetched in one round trip. */
const SEALED_AT_ONCE = 500

/** An event that was read and is to go on. */
interface Candidate {
	readonly input: Readonly<Record<string, unknown>>
	readonly event: WireEvent
}

/** An event that goes into the log. `place`: where it stands among those that do. */
interface Entrant {
	readonly candidate: Candidate
	readonly sealed: AnyEvent
	readonly draft: Draft
	readonly place: number
}

const NOBODY = { source: "", id: "" }

/** The longest `source` and `id` of the contract: what is longer is not repeated. */
const LONGEST_NAME = 200

const nameIn = (value: unknown): string => (typeof value === "string" && value.length <= LONGEST_NAME && value.isWellFormed() ? value : "")

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === "object" && value !== null && !Array.isArray(value)

const refused = (whose: { readonly source: string; readonly id: string }, problems: readonly Problem[]): SubmitResult => ({
	status: "rejected",
	...whose,
	position: null,
	problems,
})

const answer = (status: "accepted" | "duplicate", { source, id }: WireEvent, position: string): SubmitResult => ({ status, source, id, position, problems: [] })

const conflict = ({ source, id }: WireEvent, where: string): SubmitResult => ({
	status: "conflict",
	source,
	id,
	position: null,
	problems: [{ code: "conflict", pointer: "/id", message: `此 source 和 id 已有内容不同的事件(${where});要改正请另发更正(corrects)` }],
})

/** The text that the log holds: the sealed event, with the sender's trace carried through, else that of the batch. */
const textOf = (sealed: AnyEvent, input: Readonly<Record<string, unknown>>, trace: Trace | null): string => {
	const { traceparent, tracestate } = input["traceparent"] === undefined && trace !== null ? { tracestate: undefined, ...trace } : input
	return JSON.stringify({ ...toCloudEvent(sealed), ...(traceparent === undefined ? {} : { traceparent }), ...(tracestate === undefined ? {} : { tracestate }) })
}

/** What the door asks of one event alone: authority, form, time, county; all that is wrong with it at once. */
const wireOf = (value: unknown, sender: Sender, latest: number, localCounties: ReadonlySet<string>): Checked<WireEvent> => {
	const decoded = decodeWire(value)
	const problems: Problem[] = isRecord(value) ? [...authorityProblems(sender, value)] : []
	if (Result.isFailure(decoded)) return Result.fail([...problems, ...decoded.failure])
	if (decoded.success.time > latest) problems.push({ code: "future", pointer: "/time", message: "事件时间晚于收到时一天以上,请核对发送方的时钟与日期" })
	problems.push(...countyProblems(decoded.success, localCounties))
	return problems.length > 0 ? Result.fail(problems) : decoded
}

/** An event as it would be taken in, sealed under keys that nobody keeps: to see what would follow if it were sent (试算). Nothing is stored. */
export const examine = (
	{ keyring, localCounties = new Set<string>(), now = Date.now }: Pick<Door, "keyring" | "localCounties" | "now">,
	value: unknown,
): Checked<AnyEvent> => Result.map(wireOf(value, {}, now() * 1000 + AHEAD, localCounties), (event) => sealEvent(event, keyring.draft().sealer))

/**
 * The door in, for one batch: everything that enters the log goes through here. Answers one result for each input, in order, once the
 * log has all that was accepted. A refused event stops none of the others.
 * Fails as a whole with `Busy` or `Unavailable`: then nothing is acknowledged, some may be in the log nevertheless, and the same batch is
 * to be sent again: its identities make it count once.
 */
export const submit = async (door: Door, inputs: readonly Input[], sender: Sender): Promise<readonly SubmitResult[]> => {
	const { log, registry, keyring, localCounties = new Set<string>(), now = Date.now } = door
	const breathe = breathing()
	const latest = now() * 1000 + AHEAD

	const read = (input: Input): Candidate | SubmitResult => {
		if ("problem" in input) return refused(NOBODY, [input.problem])
		const { value } = input
		const found = wireOf(value, sender, latest, localCounties)
		if (Result.isSuccess(found) && isRecord(value)) return { input: value, event: found.success }
		const whose = isRecord(value) ? { source: nameIn(value["source"]), id: nameIn(value["id"]) } : NOBODY
		return refused(whose, Result.isFailure(found) ? found.failure : [])
	}

	const readings: (Candidate | SubmitResult)[] = []
	for (const input of inputs) {
		readings.push(read(input))
		await breathe()
	}

	const keys = new Set<EventKey>()
	for (const reading of readings) if ("event" in reading) keys.add(reading.event.key)
	const standing = await standingUnder(registry, [...keys])

	const entrants = new Map<EventKey, Entrant>()
	/** The final answer, or the place in the log that it waits for. */
	const outcomes: (SubmitResult | { readonly candidate: Candidate; readonly status: "accepted" | "duplicate"; readonly place: number })[] = []
	for (const reading of readings) {
		if (!("event" in reading)) {
			outcomes.push(reading)
			continue
		}
		const { event } = reading
		const draft = keyring.draft()
		const sealed = sealEvent(event, draft.sealer)
		const known = standing.get(event.key)
		const earlier = entrants.get(event.key)
		if (known !== undefined)
			outcomes.push(sameBody(known.event, sealed) ? answer("duplicate", event, known.position) : conflict(event, `位置 ${known.position}`))
		else if (earlier !== undefined)
			outcomes.push(sameBody(earlier.sealed, sealed) ? { candidate: reading, status: "duplicate", place: earlier.place } : conflict(event, "在同一批中"))
		else {
			const place = entrants.size
			entrants.set(event.key, { candidate: reading, sealed, draft, place })
			outcomes.push({ candidate: reading, status: "accepted", place })
		}
		await breathe()
	}

	const trace = door.trace?.() ?? null
	const messages: Message[] = []
	const entering = [...entrants.values()]
	for (let from = 0; from < entering.length; from += SEALED_AT_ONCE) {
		const slice = entering.slice(from, from + SEALED_AT_ONCE)
		await keyring.fill(slice.map(({ draft }) => draft)).catch((cause: unknown) => {
			throw cause instanceof WrappedKeyBroken ? cause : new Unavailable("registry", cause)
		})
		for (const { sealed, candidate } of slice) messages.push({ key: logKey(sealed), value: textOf(sealed, candidate.input, trace) })
		await breathe()
	}

	const places = messages.length === 0 ? [] : await log.append(messages).catch(outage)
	return outcomes.map((outcome) => {
		if (!("candidate" in outcome)) return outcome
		const place = places[outcome.place]
		if (place === undefined) throw new Error("the log acknowledged fewer messages than it was given")
		return answer(outcome.status, outcome.candidate.event, formatPosition(place))
	})
}

const outage = (cause: unknown): never => {
	if (cause instanceof LogBusy) throw new Busy(cause)
	if (cause instanceof LogUnavailable) throw new Unavailable("log", cause)
	throw cause
}
