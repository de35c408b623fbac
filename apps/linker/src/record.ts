import type { LogRecord } from "@yima/log"
import type { Rejection } from "@yima/registry"
import { decodeSealed, type Entry, type EventKey, eventKey, type Known, type Problem } from "@yima/schemas"
import { Result } from "effect"

/** The type of a record that only lets time pass (events.md, topics). */
export const TICK = "yima.clock.ticked.v1"

/** What a record of the log is: an event, a tick, or nothing that history could take. */
export type Read =
	| { readonly is: "event"; readonly entry: Entry; readonly body: string }
	| { readonly is: "tick" }
	| { readonly is: "rejected"; readonly rejection: Rejection }

/** The recorded time of the next record of a partition: its append time made strictly rising, so that every replay gives the same (architecture, rule 3). */
export const recordedTime = (before: Known, appendedAt: number): Known => Math.max(before + 1, appendedAt) as Known

/** Reads a record. Never throws: what cannot be decoded is kept with the reason and its place (rule 9). */
export const readRecord = (record: LogRecord, known: Known): Read => {
	const { partition, offset, value } = record
	const parsed = Result.try(() => JSON.parse(value) as unknown)
	if (Result.isFailure(parsed)) return unreadable(record, known, null, [{ code: "json", pointer: "", message: "日志记录不是有效的 JSON" }])
	if (isTick(parsed.success)) return { is: "tick" }
	const decoded = decodeSealed(parsed.success)
	if (Result.isFailure(decoded)) return unreadable(record, known, keyOf(parsed.success), decoded.failure)
	return { is: "event", entry: { event: decoded.success, known, partition, offset }, body: value }
}

/** A record that the registry refused to store by itself: nobody thought of what it holds. */
export const unstorableRecord = (record: LogRecord, known: Known): Read =>
	unreadable(record, known, null, [{ code: "characters", pointer: "", message: "登记库存不下这条记录" }])

const unreadable = ({ partition, offset, value }: LogRecord, known: Known, key: EventKey | null, problems: readonly Problem[]): Read => ({
	is: "rejected",
	rejection: { partition, offset, known, key, kind: "unreadable", problems: JSON.stringify(problems), original: storable(value) },
})

/** Text without what no database text can hold: shown as an escape. */
const storable = (text: string): string => text.toWellFormed().replaceAll("\0", "\\u0000")

const isStorable = (text: string): boolean => text.isWellFormed() && !text.includes("\0") && text.length <= 200

const isTick = (value: unknown): boolean => typeof value === "object" && value !== null && "type" in value && value.type === TICK

const keyOf = (value: unknown): EventKey | null =>
	typeof value === "object" &&
	value !== null &&
	"source" in value &&
	"id" in value &&
	typeof value.source === "string" &&
	typeof value.id === "string" &&
	isStorable(value.source) &&
	isStorable(value.id)
		? eventKey(value.source as Parameters<typeof eventKey>[0], value.id)
		: null
