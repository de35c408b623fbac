import type pg from "pg"
import { batched, secondsOf } from "./flying.ts"
import type { Given } from "./given.ts"

/**
 * R1, the reference of all writing: `COPY` of the same events into this one table. It is never changed, or the figures of one year would
 * say nothing about those of another.
 */
const TABLE = `create table plain (parcel text, time bigint, source text, id text, body text, primary key (parcel, time, source, id));
create unique index plain_identity on plain (source, id)`

/** The events of one `COPY`, which is one transaction. */
const AT_ONCE = 20_000

/** What the driver knows how to do but its declarations do not tell. */
interface Copying extends pg.Connection {
	readonly sendCopyFromChunk: (chunk: Buffer) => void
	readonly endCopyFrom: () => void
}

/** A `COPY … FROM STDIN` of text that is ready. */
class Copy implements pg.Submittable {
	readonly done: Promise<void>
	readonly #text: Buffer
	#resolve: () => void = () => undefined
	#reject: (error: Error) => void = () => undefined

	constructor(text: Buffer) {
		this.#text = text
		this.done = new Promise((resolve, reject) => {
			this.#resolve = resolve
			this.#reject = reject
		})
	}

	submit(connection: pg.Connection): void {
		connection.query("copy plain from stdin")
	}
	handleCopyInResponse(connection: Copying): void {
		connection.sendCopyFromChunk(this.#text)
		connection.endCopyFrom()
	}
	handleCommandComplete(): void {}
	handleReadyForQuery(): void {
		this.#resolve()
	}
	handleError(error: Error): void {
		this.#reject(error)
	}
}

const escaped = (text: string): string => text.replaceAll("\\", "\\\\").replaceAll("\n", "\\n").replaceAll("\t", "\\t")

const lineOf = ({ key, value, event }: Given): string => `${[key, String(event.time), event.source, event.id, value].map(escaped).join("\t")}\n`

/** Seconds of the copying alone: the text is made before. */
export const plainCopy = async (owner: pg.Client, events: Iterable<Given>): Promise<number> => {
	await owner.query(TABLE)
	let seconds = 0
	for (const batch of batched(events, AT_ONCE)) {
		const copy = new Copy(Buffer.from(batch.map(lineOf).join("")))
		seconds += await secondsOf(() => {
			owner.query(copy)
			return copy.done
		})
	}
	await owner.query("drop table plain")
	return seconds
}
