import type { EachBatchPayload, IHeaders, Kafka, KafkaMessage } from "kafkajs"
import { unavailable } from "./appender.ts"
import { type After, Bell, realTime } from "./bell.ts"
import { clientOf, type KafkaConnection } from "./kafka-client.ts"
import { type KafkaLife, live } from "./kafka-life.ts"
import { KafkaSender, type Outgoing } from "./kafka-sender.ts"
import { ensureTopics } from "./kafka-topic.ts"
import { type Notice, unheard } from "./notice.ts"

/** One delivery has so many records and bytes at most: worked off well within a session. */
const TAKE_RECORDS = 500
const TAKE_BYTES = 1_000_000

/** A member that has not been heard of for so long is gone; it shows itself each `BEAT_MS`, also while a delivery is being worked off. */
const SESSION_MS = 10_000
const BEAT_MS = 1000
/** When the group changes its members wait so long for each other; a delivery that takes longer goes to another member too, and counts once. */
const REBALANCE_MS = 15_000
const FETCH_MS = 200
const METADATA_MS = 5000
const REQUEST_MS = 15_000
const PATIENCE_MS = 30_000

/** What passes within this time is told to nobody, ms: a log that is held for a moment, a coordinator that moves. */
const BRIEFLY_MS = 3000

/** What its sender keeps in Kafka is open text, about persons too: it stays no longer than an outage may take. */
const RETENTION_DAYS = 7

/** Three processes may share a topic's work; whoever needs more creates it beforehand. */
const PARTITIONS = 3

/** A record as a stranger wrote it: any of its parts may be missing or be no text. */
export interface InboxRecord {
	readonly topic: string
	readonly partition: number
	readonly offset: bigint
	readonly key: Buffer | null
	readonly value: Buffer | null
	/** A name may come more than once. */
	readonly headers: ReadonlyMap<string, readonly Buffer[]>
}

/** A topic to read, and the one that takes what is answered. */
export interface InboxTopics {
	readonly inbox: string
	readonly refused: string
}

export interface KafkaInboxOptions extends KafkaConnection {
	readonly group: string
	readonly topics: readonly InboxTopics[]
	/**
	 * Works off records of one topic and partition, in their order; answers what is to be said about them in its other topic. When it
	 * rejects, the same records come again after a pause, until it resolves or the partition goes to somebody else.
	 */
	readonly take: (records: readonly InboxRecord[]) => Promise<readonly Outgoing[]>
	/** The pause before something is tried again (1 s). */
	readonly retryMs?: number
	readonly after?: After
	readonly notice?: Notice
}

export interface KafkaInbox {
	/** What has kept records waiting for more than a moment; null while all goes on. */
	readonly trouble: () => string | null
	/** Finishes the delivery in hand, commits it and leaves the group. */
	readonly stop: () => Promise<void>
}

const headersOf = (headers: IHeaders | undefined): ReadonlyMap<string, readonly Buffer[]> =>
	new Map(Object.entries(headers ?? {}).map(([name, value]) => [name, [value ?? []].flat().map((each) => Buffer.from(each))]))

const recordOf = (topic: string, partition: number, { offset, key, value, headers }: KafkaMessage): InboxRecord => ({
	topic,
	partition,
	offset: BigInt(offset),
	key,
	value,
	headers: headersOf(headers),
})

/** The records in pieces of bounded count and size; one that is larger goes alone. */
export const piecesOf = (records: readonly InboxRecord[]): readonly (readonly InboxRecord[])[] => {
	const pieces: InboxRecord[][] = []
	let bytes = 0
	for (const record of records) {
		const size = record.value?.length ?? 0
		const last = pieces.at(-1)
		if (last === undefined || last.length === TAKE_RECORDS || bytes + size > TAKE_BYTES) {
			pieces.push([record])
			bytes = size
		} else {
			last.push(record)
			bytes += size
		}
	}
	return pieces
}

/** What does not go on, by its place, and since when. */
class Troubles {
	readonly #since = new Map<string, { readonly at: number; readonly what: string }>()

	/** Whether it is news. */
	begin(where: string, error: unknown): boolean {
		const known = this.#since.get(where)
		const what = error instanceof Error ? error.message : String(error)
		this.#since.set(where, { at: known?.at ?? performance.now(), what })
		return known?.what !== what
	}

	end(where: string): void {
		this.#since.delete(where)
	}

	/** The first that is no longer brief. */
	told(): string | null {
		for (const [where, { at, what }] of this.#since) if (performance.now() - at > BRIEFLY_MS) return `${where}: ${what}`
		return null
	}
}

const MEMBERSHIP = "membership"

/**
 * Reads topics that others write, in one consumer group. A record is done when `take` has resolved and all that it answered is
 * acknowledged; only then is its offset committed. So each record is taken at least once, and per partition in order; a crash in between
 * has it taken again. Here the offsets are Kafka's own: an inbox is not the log, nothing downstream refers to places in it, and a record
 * that comes twice is the same event twice. A group without a committed offset begins at the start: nothing that was sent before the
 * first process came up is passed over.
 */
class Reading implements KafkaInbox {
	readonly #options: KafkaInboxOptions
	readonly #kafka: () => Kafka
	readonly #replies: ReadonlyMap<string, { readonly sender: KafkaSender; readonly partitions: number }>
	readonly #retryMs: number
	readonly #after: After
	readonly #notice: Notice
	readonly #leave: Bell
	readonly #troubles = new Troubles()
	readonly #ended: Promise<void>
	#life: KafkaLife | undefined
	#leaving = false
	#inHand = 0

	constructor(options: KafkaInboxOptions, kafka: () => Kafka, replies: ReadonlyMap<string, { readonly sender: KafkaSender; readonly partitions: number }>) {
		const { retryMs = 1000, after = realTime, notice = unheard } = options
		this.#options = options
		this.#kafka = kafka
		this.#replies = replies
		this.#retryMs = retryMs
		this.#after = after
		this.#notice = notice
		this.#leave = new Bell(after)
		this.#ended = this.#run()
	}

	trouble = (): string | null => this.#troubles.told()

	stop = async (): Promise<void> => {
		this.#leaving = true
		this.#life?.end(undefined)
		this.#leave.ring()
		await this.#ended
		await Promise.allSettled([...this.#replies.values()].map(({ sender }) => sender.close()))
	}

	async #run(): Promise<void> {
		this.#troubles.begin(MEMBERSHIP, "has not joined yet")
		while (!this.#leaving) {
			const error = await this.#runOnce()
			if (error !== undefined) {
				if (this.#troubles.begin(MEMBERSHIP, error)) this.#notice({ doing: MEMBERSHIP, error })
			}
			if (!this.#leaving) await this.#leave.wait(this.#retryMs)
		}
	}

	/** One membership; answers what ended it. */
	async #runOnce(): Promise<unknown> {
		const { group, topics } = this.#options
		this.#life = live(this.#kafka(), {
			group: {
				groupId: group,
				sessionTimeout: SESSION_MS,
				rebalanceTimeout: REBALANCE_MS,
				heartbeatInterval: BEAT_MS,
				maxWaitTimeInMs: FETCH_MS,
				metadataMaxAge: METADATA_MS,
			},
			topics: topics.map(({ inbox }) => inbox),
			fromBeginning: true,
			run: {
				eachBatchAutoResolve: false,
				partitionsConsumedConcurrently: topics.length * PARTITIONS,
				eachBatch: (payload) => this.#work(payload),
			},
			joined: () => this.#troubles.end(MEMBERSHIP),
			isBusy: () => this.#inHand > 0,
			after: this.#after,
			notice: this.#notice,
		})
		const error = await this.#life.ended
		await this.#life.leave()
		return error
	}

	async #work({ batch, heartbeat, isRunning, resolveOffset, commitOffsetsIfNecessary }: EachBatchPayload): Promise<void> {
		const { topic, partition } = batch
		const where = `${topic}/${partition}`
		this.#inHand += 1
		try {
			for (const piece of piecesOf(batch.messages.map((message) => recordOf(topic, partition, message)))) {
				while (!(await this.#beating(this.#tried(where, piece), heartbeat))) {
					await this.#beating(this.#pause(), heartbeat)
					// Fails where the group has changed: the records are somebody else's to try.
					await heartbeat()
					if (!isRunning()) return
				}
				const last = piece.at(-1)?.offset ?? -1n
				resolveOffset(String(last))
				await commitOffsetsIfNecessary({ topics: [{ topic, partitions: [{ partition, offset: String(last + 1n) }] }] })
				await heartbeat()
				if (!isRunning()) return
			}
		} finally {
			this.#inHand -= 1
			this.#troubles.end(where)
		}
	}

	/** Whether the records are done. */
	async #tried(where: string, records: readonly InboxRecord[]): Promise<boolean> {
		try {
			await this.#reply(records, await this.#options.take(records))
			this.#troubles.end(where)
			return true
		} catch (error) {
			if (this.#troubles.begin(where, error)) this.#notice({ doing: `take ${where}`, error })
			return false
		}
	}

	/** To the partition of the same number, so that answers keep the order of what they answer. */
	async #reply([first]: readonly InboxRecord[], answers: readonly Outgoing[]): Promise<void> {
		if (first === undefined || answers.length === 0) return
		const reply = this.#replies.get(first.topic)
		if (reply === undefined) throw new Error(`nothing is read of ${first.topic}`)
		await reply.sender.send(first.partition % reply.partitions, answers)
	}

	#pause(): Promise<void> {
		return new Promise((resolve) => void this.#after(this.#retryMs, resolve))
	}

	/** What `work` gives, with heartbeats meanwhile. One that fails is no reason to let go of what is under way: whoever asks next is told. */
	async #beating<A>(work: Promise<A>, heartbeat: () => Promise<void>): Promise<A> {
		const beat = setInterval(() => void heartbeat().catch(() => undefined), BEAT_MS)
		try {
			return await work
		} finally {
			clearInterval(beat)
		}
	}
}

/** Joins the group in the background; topics that are missing are created. Fails with `LogUnavailable` if no broker answers now; later outages pass by themselves. */
export const openKafkaInbox = async (options: KafkaInboxOptions): Promise<KafkaInbox> => {
	const { topics, after = realTime, notice = unheard } = options
	// What kafkajs says of each of its tries is told to nobody: what it cannot help ends a membership or fails a reply.
	const client = () => clientOf(options, REQUEST_MS, unheard)
	const shapes = topics.flatMap(({ inbox, refused }) => [inbox, refused]).map((topic) => ({ topic, partitions: PARTITIONS, retentionDays: RETENTION_DAYS }))
	const counts = await ensureTopics(client(), shapes).catch((error: unknown) => {
		throw unavailable("the inbox topics cannot be opened", error)
	})
	const replies = topics.map(({ inbox, refused }) => {
		const sending = { topic: refused, answerMs: REQUEST_MS, patienceMs: PATIENCE_MS, metadataMs: METADATA_MS, after, notice }
		return [inbox, { sender: new KafkaSender(client(), sending), partitions: counts.get(refused) ?? 1 }] as const
	})
	return new Reading(options, client, new Map(replies))
}
