import { randomUUID } from "node:crypto"
import type { Pool } from "pg"
import { Bell } from "./bell.ts"
import { LogUnavailable, type Membership } from "./log.ts"
import type { Reading } from "./seat.ts"
import { Seats, shareOf } from "./seats.ts"

/**
 * Renews this member's lease and answers who is there, by the database's clock alone. Rows of members that are gone are deleted on the
 * way; a row that another one deletes at this moment is left to it, so that members never wait for each other.
 */
const BEAT = `
WITH topic AS (
	SELECT id FROM log.topic WHERE name = $1
), gone AS (
	DELETE FROM log.member WHERE (topic, "group", member) IN (
		SELECT topic, "group", member FROM log.member
		WHERE topic = (SELECT id FROM topic) AND "group" = $2 AND member <> $3 AND seen < clock_timestamp() - $4 * interval '1 ms'
		FOR UPDATE SKIP LOCKED
	)
), own AS (
	INSERT INTO log.member (topic, "group", member, seen) SELECT id, $2, $3, clock_timestamp() FROM topic
	ON CONFLICT (topic, "group", member) DO UPDATE SET seen = excluded.seen
)
SELECT member FROM log.member
WHERE topic = (SELECT id FROM topic) AND "group" = $2 AND seen >= clock_timestamp() - $4 * interval '1 ms'`

const LEAVE = `DELETE FROM log.member WHERE topic = (SELECT id FROM log.topic WHERE name = $1) AND "group" = $2 AND member = $3`

export interface Lease {
	readonly topic: string
	readonly group: string
	readonly partitions: number
	/** A member that has not been seen for so long is gone. */
	readonly leaseMs: number
	readonly beatMs: number
}

/**
 * One member of a group: a row with a lease. Members sort themselves and each takes its share; nobody asks anybody. After a change two
 * may hold a partition for a moment, and one who is cut off from the database lets go as soon as its lease is over.
 */
export class EmbeddedMember implements Membership {
	readonly seats: Seats
	readonly #member = randomUUID()
	readonly #lease: Lease
	readonly #pool: Pool
	readonly #reading: Reading
	readonly #regrouped: () => Promise<void>
	readonly #bell: Bell
	readonly joined: Promise<void>
	#leaving = false
	readonly #ended: Promise<void>

	constructor(lease: Lease, pool: Pool, reading: Reading, regrouped: () => Promise<void>) {
		this.#lease = lease
		this.#pool = pool
		this.#reading = reading
		this.#regrouped = regrouped
		this.#bell = new Bell(reading.pace.after)
		this.seats = new Seats(reading)
		const joined = Promise.withResolvers<void>()
		this.joined = joined.promise
		this.#ended = this.#run(joined)
	}

	/** The members have changed: look at once. */
	wake(): void {
		this.#bell.ring()
	}

	async leave(): Promise<void> {
		this.#leaving = true
		this.#bell.ring()
		await this.#ended
		await this.seats.leave()
		const { topic, group } = this.#lease
		try {
			await this.#pool.query(LEAVE, [topic, group, this.#member])
			await this.#regrouped()
		} catch (error) {
			this.#reading.notice({ doing: "membership", error })
		}
	}

	async #run(joined: { readonly resolve: () => void; readonly reject: (error: unknown) => void }): Promise<void> {
		const { topic, group, partitions, leaseMs, beatMs } = this.#lease
		let known = ""
		let renewed = performance.now()
		while (!this.#leaving) {
			const began = performance.now()
			try {
				const { rows } = await this.#pool.query<{ member: string }>(BEAT, [topic, group, this.#member, leaseMs])
				const members = [...new Set([this.#member, ...rows.map(({ member }) => member)])].sort()
				renewed = began
				if (!this.#leaving) this.seats.own(shareOf(this.#member, members, partitions))
				joined.resolve()
				const now = members.join()
				if (now !== known && known === "") await this.#regrouped()
				known = now
			} catch (error) {
				this.#reading.notice({ doing: "membership", error })
				if (performance.now() - renewed > leaseMs) this.seats.own([])
			}
			if (!this.#leaving) await this.#bell.wait(beatMs)
		}
		joined.reject(new LogUnavailable("left before it had joined"))
	}
}
