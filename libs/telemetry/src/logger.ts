import { failureOf } from "./failure.ts"

export type Level = "info" | "warn" | "error"

/** All that a line may hold beside its event: numbers, fixed words and names of parts. What is not listed here cannot be logged. */
export interface Fields {
	readonly role?: string
	readonly part?: string
	readonly partition?: number
	readonly route?: string
	readonly status?: number
	readonly doing?: string
	readonly count?: number
	readonly seconds?: number
	readonly url?: string
	readonly version?: string
	/** Reduced to what `failureOf` lets through. */
	readonly error?: unknown
}

export interface Logger {
	/** One line. `event`: what happened, as `part.happened`; programs filter by it. Never throws. */
	readonly say: (level: Level, event: string, fields?: Fields) => void
}

export interface LoggerOptions {
	readonly write: (line: string) => void
	/** For a person at a terminal instead of a program: only what is not as it should be. */
	readonly isReadable: boolean
	readonly now?: () => Date
	/** The trace in which the line is written. */
	readonly trace?: () => { readonly traceId: string; readonly spanId: string } | null
}

const NAMES = ["role", "part", "partition", "route", "status", "doing", "count", "seconds", "url", "version"] as const satisfies readonly (keyof Fields)[]

const plain = (fields: Fields): Readonly<Record<string, string | number>> =>
	Object.fromEntries(NAMES.flatMap((name) => (fields[name] === undefined ? [] : [[name, fields[name]]])))

const readable = (entry: Readonly<Record<string, unknown>>): string => {
	const { time, level, event, at, ...rest } = entry
	const words = Object.entries(rest).flatMap(([name, value]) => (value === null ? [] : [`${name}=${String(value)}`]))
	return (
		[`${String(time).slice(11, 19)} ${String(level)} ${String(event)}`, ...words].join(" ") +
		(Array.isArray(at) ? at.map((each) => `\n  ${each}`).join("") : "")
	)
}

/** Logs as lines: JSON for programs, words for a person. */
export const logger = ({ write, isReadable, now = () => new Date(), trace = () => null }: LoggerOptions): Logger => ({
	say: (level, event, fields = {}) => {
		if (isReadable && level === "info") return
		const within = trace()
		const entry = {
			time: now().toISOString(),
			level,
			event,
			...(within === null ? {} : { trace_id: within.traceId, span_id: within.spanId }),
			...plain(fields),
			...("error" in fields ? failureOf(fields.error) : {}),
		}
		try {
			write(`${isReadable ? readable(entry) : JSON.stringify(entry)}\n`)
		} catch {
			// Whoever read the lines is gone; the work goes on.
		}
	},
})
