import type { Consumer, ConsumerConfig, ConsumerRunConfig, Kafka } from "kafkajs"
import { type After, Bell } from "./bell.ts"
import type { Notice } from "./notice.ts"

/** A kafkajs that has fetched nothing, not even nothing, for so long with nothing in hand is stuck. */
const SILENT_MS = 30_000
const LOOK_MS = 1000

/** Who is told to leave while it joins waits so long for that: a member that vanishes halfway holds up the others. */
const JOIN_MS = 5000

export interface LifeOptions {
	readonly group: Omit<ConsumerConfig, "allowAutoTopicCreation" | "retry">
	readonly topics: readonly string[]
	/** Where a group without a committed offset begins; else at the end. */
	readonly fromBeginning: boolean
	/** What to do with what is fetched; nothing is committed by itself. */
	readonly run: Omit<ConsumerRunConfig, "autoCommit">
	/** Told of each assignment, before anything is fetched of it. */
	readonly joined: (assignment: Readonly<Record<string, readonly number[]>>, consumer: Consumer) => void
	/** Whether it fetches nothing because something is being worked off. */
	readonly isBusy: () => boolean
	readonly after: After
	readonly notice: Notice
}

export interface KafkaLife {
	/** Resolves with what ended it: a crash, silence, or what `end` was given. */
	readonly ended: Promise<unknown>
	readonly end: (reason: unknown) => void
	/** Lets the others have what it was assigned. Never fails. */
	readonly leave: () => Promise<void>
}

/** One life of a kafkajs consumer, which does not start anew by itself: what ends it shows, and what it had open is closed. */
export const live = (kafka: Kafka, { group, topics, fromBeginning, run, joined, isBusy, after, notice }: LifeOptions): KafkaLife => {
	const consumer = kafka.consumer({
		...group,
		allowAutoTopicCreation: false,
		// Whoever gives up early is back early: the coordinator may be another broker by now.
		retry: { initialRetryTime: 100, maxRetryTime: 1000, retries: 5, restartOnFailure: async () => false },
	})
	const { promise: ended, resolve: end } = Promise.withResolvers<unknown>()
	let fetched = performance.now()
	let isOver = false
	consumer.on(consumer.events.CRASH, ({ payload }) => end(payload.error))
	consumer.on(consumer.events.FETCH, () => {
		fetched = performance.now()
	})
	consumer.on(consumer.events.GROUP_JOIN, ({ payload }) => joined(payload.memberAssignment, consumer))
	const start = async () => {
		await consumer.connect()
		if (isOver) return
		await consumer.subscribe({ topics: [...topics], fromBeginning })
		if (isOver) return
		await consumer.run({ ...run, autoCommit: false })
	}
	const watch = setInterval(() => {
		if (isBusy()) fetched = performance.now()
		if (performance.now() - fetched > SILENT_MS) end(new Error(`nothing was fetched for ${SILENT_MS} ms`))
	}, LOOK_MS)
	const patience = new Bell(after)
	const starting = start()
		.catch(end)
		.finally(() => patience.ring())
	const disconnect = () => consumer.disconnect().catch((error: unknown) => notice({ doing: "membership", error }))
	const leave = async () => {
		clearInterval(watch)
		isOver = true
		await patience.wait(JOIN_MS)
		await disconnect()
		// What was starting even then connects once more, for nobody.
		void starting.then(disconnect)
	}
	return { ended, end, leave }
}
