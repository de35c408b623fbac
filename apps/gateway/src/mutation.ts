import { randomUUID } from "node:crypto"
import { formatMoment, formatPosition, type SubmitResult } from "@yima/schemas"
import { builder } from "./builder.ts"
import { subjectOf } from "./codes.ts"
import { type Desk, reading, sent } from "./desk.ts"
import { unsealed } from "./masked.ts"
import { SubmitResultType } from "./problem-type.ts"
import { refusal } from "./refusal.ts"
import { parsed, rejectedPlace } from "./rejected.ts"

/** The most events of one request; more go through intake as a stream. */
const MOST_EVENTS = 1000

/** The source of what is decided at the registry's own desk. */
export const DESK = "urn:yima:desk"
/** Who decides, until viewers have names. */
export const VIEWER = "登记平台"

/** Sends what was rejected again, as new records; what is taken is marked. */
const replay = async (ids: readonly string[], desk: Desk): Promise<readonly SubmitResult[]> => {
	const places = ids.map(rejectedPlace)
	const originals = await reading(desk, async (own) => {
		const rows = new Map((await own.snapshot.rejectedAt(places)).map((row) => [formatPosition(row), row]))
		return Promise.all(
			places.map(async (place) => {
				const row = rows.get(formatPosition(place))
				if (row === undefined) throw refusal("NOT_FOUND", `没有编号为 ${formatPosition(place)} 的退回记录`)
				const value = parsed(row.original)
				return { place, value: value === undefined ? undefined : await unsealed(value, own) }
			}),
		)
	})
	const readable = originals.filter(({ value }) => value !== undefined)
	const answers = readable.length === 0 ? [] : await desk.submit(readable.map(({ value }) => value))
	const results = new Map(readable.map((each, n) => [each, answers[n]]))
	const taken = [...results].flatMap(([{ place }, result]) => (result?.status === "accepted" || result?.status === "duplicate" ? [place] : []))
	if (taken.length > 0) await desk.reader.markReplayed(taken)
	return originals.map(
		(each): SubmitResult =>
			results.get(each) ?? {
				status: "rejected",
				source: "",
				id: "",
				position: null,
				problems: [{ code: "json", pointer: "", message: "原文不是有效的 JSON,无法重新提交;请由来文单位改正后另发" }],
			},
	)
}

builder.mutationType({
	fields: (t) => ({
		submitEvents: t.field({
			type: [SubmitResultType],
			args: { events: t.arg({ type: ["JSON"], required: true }) },
			resolve: (_, { events }, { desk }) => {
				if (events.length > MOST_EVENTS) throw refusal("TOO_COMPLEX", `一次最多 ${MOST_EVENTS} 个事件;更多请用 POST /events 发送`)
				return events.length === 0 ? [] : desk.submit(events)
			},
		}),
		placeEvent: t.field({
			type: SubmitResultType,
			description: "A registrar places an event (parked or placed already) on one or more subjects, or, with none, dismisses it",
			args: {
				source: t.arg.string({ required: true }),
				id: t.arg.string({ required: true }),
				subjects: t.arg.stringList({ required: true }),
				reason: t.arg.string({ required: true }),
			},
			resolve: (_, { source, id, subjects, reason }, { desk }) => {
				const codes = subjects.map(subjectOf)
				if (reason.trim() === "") throw refusal("BAD_INPUT", "请写明挂接的理由")
				return sent(desk, {
					specversion: "1.0",
					id: randomUUID(),
					source: DESK,
					type: "yima.registrar.resolved.v1",
					time: formatMoment(desk.now()),
					datacontenttype: "application/json",
					data: { event: { source, id }, subjects: codes, reason, by: VIEWER },
				})
			},
		}),
		replayRejected: t.field({
			type: [SubmitResultType],
			args: { ids: t.arg.idList({ required: true }) },
			resolve: (_, { ids }, { desk }) => {
				if (ids.length > MOST_EVENTS) throw refusal("TOO_COMPLEX", `一次最多 ${MOST_EVENTS} 条退回记录`)
				return replay(ids.map(String), desk)
			},
		}),
	}),
})
