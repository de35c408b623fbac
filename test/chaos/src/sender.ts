import { setTimeout as pause } from "node:timers/promises"
import type { Json } from "@yima/test-kit"

interface Line {
	readonly status: string
	readonly source?: string
	readonly id?: string
}

/** A department that does not give up: sends in batches of lines, and sends again whatever it has no answer for. */
export class Sender {
	/** Identities that were acknowledged: `source#id`. */
	readonly acknowledged = new Set<string>()
	/** Answers that no event of ours should get. */
	readonly strange: Line[] = []
	attempts = 0
	readonly #url: () => string

	constructor(url: () => string) {
		this.#url = url
	}

	/** Sends until every event has its answer, several batches under way at once. */
	async send(events: readonly Json[], batch: number, lanes: number): Promise<void> {
		const batches = Array.from({ length: Math.ceil(events.length / batch) }, (_, at) => events.slice(at * batch, at * batch + batch))
		const next = batches.values()
		await Promise.all(
			Array.from({ length: lanes }, async () => {
				for (const each of next) await this.#untilAnswered(each)
			}),
		)
	}

	async #untilAnswered(batch: readonly Json[]): Promise<void> {
		for (let open = batch; open.length > 0; ) {
			this.attempts++
			const lines = await this.#post(open).catch(() => [])
			const answered = new Set<string>()
			for (const line of lines) {
				if (line.source === undefined || line.id === undefined || line.source === "") continue
				const key = `${line.source}#${line.id}`
				if (line.status === "accepted" || line.status === "duplicate") {
					answered.add(key)
					this.acknowledged.add(key)
				} else this.strange.push(line)
			}
			open = open.filter((each) => !answered.has(`${String(each["source"])}#${String(each["id"])}`))
			if (open.length > 0) await pause(200)
		}
	}

	async #post(events: readonly Json[]): Promise<readonly Line[]> {
		const response = await fetch(`${this.#url()}/events`, {
			method: "POST",
			headers: { "content-type": "application/x-ndjson" },
			body: events.map((each) => JSON.stringify(each)).join("\n"),
			signal: AbortSignal.timeout(30_000),
		})
		if (response.status !== 200) return []
		const found: Line[] = []
		let rest = ""
		const decoder = new TextDecoder()
		try {
			// What came before the connection broke counts.
			for await (const chunk of response.body ?? []) {
				const lines = (rest + decoder.decode(chunk, { stream: true })).split("\n")
				rest = lines.pop() ?? ""
				for (const line of lines) if (line !== "") found.push(JSON.parse(line) as Line)
			}
		} catch {
			return found
		}
		if (rest !== "") found.push(JSON.parse(rest) as Line)
		return found
	}
}
