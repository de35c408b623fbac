import type { SubmitResult } from "@yima/schemas"
import { bytesOf, encodingOf } from "./bytes.ts"
import { Holding, LIMITS, type Limits } from "./limits.ts"
import { inputOf } from "./lines.ts"
import { problemResponse, Refusal, refusalOf, stopping } from "./refusal.ts"
import { ANYONE, type Sender } from "./sender.ts"
import { answering } from "./stream.ts"
import { type Door, type Input, submit } from "./submit.ts"

export interface IntakeOptions extends Door {
	readonly limits?: Partial<Limits>
	/** Who sends a request, and what they may send. Default: anyone, everything. */
	readonly senderOf?: (request: Request) => Sender | Promise<Sender>
	/** Told of every failure that a sender is answered with; for the operator's eyes. */
	readonly failed?: (error: unknown) => void
	/** Told of every event's answer. */
	readonly answered?: (results: readonly SubmitResult[]) => void
}

export interface Intake {
	/** Events as parsed JSON. Fails with `Busy`, `Unavailable`, or a `Refusal` once it stops. */
	readonly submit: (events: readonly unknown[], sender?: Sender) => Promise<readonly SubmitResult[]>
	/** `POST` of one event, a batch, or a stream of lines; see the README. Never rejects. */
	readonly fetch: (request: Request) => Promise<Response>
	/** Takes in nothing more; resolves when everything taken has its answer. */
	readonly stop: () => Promise<void>
}

/** How events come, by media type: one, a list, either, or a line each. */
const FORMS = {
	"application/cloudevents+json": "one",
	"application/cloudevents-batch+json": "list",
	"application/json": "either",
	"application/x-ndjson": "lines",
} as const
type Form = (typeof FORMS)[keyof typeof FORMS]

const formOf = (request: Request): Form => {
	const [type = "", ...parameters] = (request.headers.get("content-type") ?? "").toLowerCase().split(";")
	const form = Object.hasOwn(FORMS, type.trim()) ? FORMS[type.trim() as keyof typeof FORMS] : undefined
	if (form === undefined) throw new Refusal("media-type", `Content-Type 应为 ${Object.keys(FORMS).join("、")} 之一`)
	const charset = parameters.map((each) => each.trim()).find((each) => each.startsWith("charset="))
	if (charset !== undefined && !/^charset="?utf-?8"?$/.test(charset)) throw new Refusal("media-type", "JSON 只能用 UTF-8 编码")
	return form
}

/** The HTTP status of a single event's answer. */
const STATUS: Readonly<Record<SubmitResult["status"], number>> = { accepted: 202, duplicate: 200, conflict: 409, rejected: 422 }

const json = (status: number, body: unknown): Response =>
	new Response(JSON.stringify(body), { status, headers: { "content-type": "application/json; charset=utf-8" } })

const tooBusy = () => new Refusal("busy", "正在接收的来文过多,请稍后重发", 1)

/** What `work` gives, or a refusal when the process is to stop before: a sender that is slow to finish must not keep it. */
const unlessStopped = async <A>(work: Promise<A>, stop: AbortSignal): Promise<A> => {
	let leave: () => void = () => {}
	const stopped = new Promise<never>((_, reject) => {
		leave = () => reject(stopping())
		stop.addEventListener("abort", leave)
	})
	try {
		return await Promise.race([work, stopped])
	} finally {
		stop.removeEventListener("abort", leave)
		work.catch(() => undefined)
	}
}

/** The one door in (architecture, the way data flows). */
export const intake = (options: IntakeOptions): Intake => {
	const limits: Limits = { ...LIMITS, ...options.limits }
	const { senderOf = () => ANYONE, failed = () => undefined, answered = () => undefined } = options
	const holding = new Holding(limits.heldBytes)
	const stop = new AbortController()
	const running = new Set<Promise<void>>()

	const tracked = <A>(work: Promise<A>): Promise<A> => {
		const end: Promise<void> = work
			.then(
				() => undefined,
				() => undefined,
			)
			.finally(() => running.delete(end))
		running.add(end)
		return work
	}

	const take = async (inputs: readonly Input[], sender: Sender): Promise<readonly SubmitResult[]> => {
		const results = await submit(options, inputs, sender)
		answered(results)
		return results
	}

	const mayEnter = () => {
		if (stop.signal.aborted) throw stopping()
	}

	const whole = async (request: Request, answer: (body: Buffer) => Promise<Response>): Promise<Response> => {
		const tooLarge = () => new Refusal("too-large", `正文最多 ${limits.bodyBytes} 字节(解压后);更多请用 application/x-ndjson`)
		const encoding = encodingOf(request)
		if (Number(request.headers.get("content-length") ?? 0) > limits.bodyBytes) throw tooLarge()
		let held = 0
		let over = false
		const collected = async (): Promise<Buffer> => {
			const pieces: Uint8Array[] = []
			for await (const piece of bytesOf(request, encoding)) {
				if (over) break
				if (held + piece.length > limits.bodyBytes) throw tooLarge()
				if (!holding.take(piece.length)) throw tooBusy()
				held += piece.length
				pieces.push(piece)
			}
			return Buffer.concat(pieces)
		}
		try {
			return await answer(await unlessStopped(collected(), stop.signal))
		} finally {
			over = true
			holding.leave(held)
		}
	}

	const structured = async (form: Form, body: Buffer, sender: Sender): Promise<Response> => {
		const input = inputOf(body)
		if ("problem" in input) throw new Refusal("json", input.problem.message)
		const { value } = input
		const isList = form === "list" || (form === "either" && Array.isArray(value))
		if (!isList) {
			const [result] = await take([input], sender)
			return result === undefined ? json(200, []) : json(STATUS[result.status], result)
		}
		if (!Array.isArray(value)) throw new Refusal("json", "一批事件应为 JSON 列表")
		if (value.length > limits.batchEvents)
			throw new Refusal("too-many", `一批最多 ${limits.batchEvents} 个事件,此批有 ${value.length} 个;更多请用 application/x-ndjson`)
		const inputs: Input[] = value.map((each: unknown) => ({ value: each }))
		return json(200, await take(inputs, sender))
	}

	const lines = async (request: Request, sender: Sender): Promise<Response> => {
		// What one stream may hold: the pieces on their way, the one being gathered, an unfinished line, unread answers.
		const share = 3 * limits.pieceBytes + limits.lineBytes + limits.unreadBytes
		const pieces = bytesOf(request, encodingOf(request))
		if (!holding.take(share)) throw tooBusy()
		const { body, begun, ended } = answering({
			pieces,
			limits,
			submit: (inputs) => take(inputs, sender),
			signal: request.signal,
			stop: stop.signal,
			failed,
		})
		void tracked(ended).then(
			() => holding.leave(share),
			(error: unknown) => {
				holding.leave(share)
				failed(error)
			},
		)
		await begun
		return new Response(body, { status: 200, headers: { "content-type": "application/x-ndjson; charset=utf-8" } })
	}

	const answer = async (request: Request): Promise<Response> => {
		try {
			mayEnter()
			if (request.method !== "POST") throw new Refusal("method", "事件用 POST 发送")
			const form = formOf(request)
			const sender = await senderOf(request)
			return form === "lines" ? await lines(request, sender) : await whole(request, (body) => structured(form, body, sender))
		} catch (error) {
			const refusal = refusalOf(error)
			if (!(error instanceof Refusal)) failed(error)
			return problemResponse(refusal)
		}
	}

	return {
		submit: async (events, sender = ANYONE) => {
			mayEnter()
			return tracked(
				take(
					events.map((value) => ({ value })),
					sender,
				),
			)
		},
		fetch: (request) => tracked(answer(request)),
		stop: async () => {
			stop.abort(stopping())
			while (running.size > 0) await Promise.all(running)
		},
	}
}
