import { checkFingerprint, FINGERPRINT, Keyring, MasterKeyMissing } from "@yima/access"
import { startCourier, startKafkaDoor } from "@yima/courier"
import { startEmbeddedDatabase } from "@yima/embedded-postgres"
import { Feed } from "@yima/feed"
import { examine, type Intake, importDoor, intake, openInbox } from "@yima/intake"
import { type Linker, type LinkerOptions, startLinker } from "@yima/linker"
import { connect, DerivedReader, Doors, listenToBell, migrate, PostgresRegistry, personKeys, Reader, settings as settingsIn, Webhooks } from "@yima/registry"
import type { SubmitResult } from "@yima/schemas"
import { caughtUp } from "./caught-up.ts"
import { systemNow } from "./clock.ts"
import { type Configuration, prefixOf } from "./configuration.ts"
import { HealthProbe } from "./health.ts"
import { type Listening, listen } from "./http.ts"
import { findMasterKey } from "./master-key-file.ts"
import { openDerivedTopic, openLog } from "./open-log.ts"
import { type Operations, troubles, unwatched } from "./operations.ts"
import { openPatiently } from "./patient-inbox.ts"
import { watch } from "./readings.ts"
import { reportBack, subscribersWith } from "./subscribing.ts"
import { Ticker } from "./ticker.ts"
import { tracesIn } from "./traces-in.ts"

export interface System {
	readonly url: string
	readonly connectionString: string
	readonly intake: Intake | null
	readonly reader: Reader
	readonly health: HealthProbe
	readonly settings: ReturnType<typeof settingsIn>
	/** Whether the registry was empty when it began. */
	readonly isNew: boolean
	/** Answers what it has taken, finishes the turns under way, then lets go of everything, last opened first. */
	readonly stop: () => Promise<void>
}

/** What a linker tells of itself, as metrics, lines and spans. */
const linkerWatch = ({ metrics, log: { say }, tracing }: Operations): Pick<LinkerOptions, "turned" | "failed" | "changed"> => ({
	turned: ({ records, startedAt, committingAt, endedAt, ...turn }) => {
		metrics.turns.inc({ outcome: turn.outcome })
		if (turn.outcome === "done") {
			metrics.turnSeconds.observe((endedAt - startedAt) / 1000)
			metrics.commitSeconds.observe((endedAt - committingAt) / 1000)
			metrics.turnRecords.observe(records.length)
		}
		if (tracing.isOn) tracing.turn({ ...turn, records: records.length, startedAt, committingAt, endedAt, events: () => tracesIn(records) })
	},
	failed: () => metrics.turns.inc({ outcome: "failed" }),
	changed: (partition, health) => {
		if (health.is === "working") say("info", "partition.works", { partition })
		else if (health.is === "red") say("error", "partition.stands-still", { partition })
		else say("warn", "partition.fails", { partition, error: health.error })
	},
})

/** Puts the parts together: database, schema, log, key, then the roles, then the door. What fails on the way closes what was opened. */
export const startSystem = async (config: Configuration, operations: Operations = unwatched()): Promise<System> => {
	const { metrics, tracing } = operations
	const { say } = operations.log
	const opened: (() => Promise<void>)[] = []
	const stop = async () => {
		for (const close of opened.splice(0).reverse()) await close()
	}
	try {
		const database =
			config.databaseUrl === null ? await startEmbeddedDatabase(config.home) : { connectionString: config.databaseUrl, stop: async () => undefined }
		opened.push(database.stop)
		const { connectionString } = database
		await migrate(config.ownerUrl ?? connectionString)
		const pool = connect({ connectionString, max: 24 })
		opened.push(() => pool.end())

		const notice = troubles(operations.log)
		const log = await openLog(config, config.ownerUrl ?? connectionString, notice)
		opened.push(() => log.close())

		const settings = settingsIn(pool)
		const isNew = (await settings.read(FINGERPRINT)) === null
		const key = findMasterKey(config.key, config.home, isNew)
		await checkFingerprint(settings, key)
		if (key === null) throw new MasterKeyMissing("?")

		const registry = new PostgresRegistry(pool, log.partitions)
		await registry.prepare(await log.incarnation(), await log.watermarks())
		const reader = new Reader(pool, log.partitions)
		const ticker = new Ticker(log)
		const has = (role: Configuration["roles"][number]) => config.roles.includes(role)

		const linker: Linker | null = has("linker") ? await startLinker({ log, registry, now: systemNow, waits: ticker.soon, ...linkerWatch(operations) }) : null
		if (linker !== null) opened.push(linker.stop)
		const keyring = new Keyring(key, personKeys(pool))
		const answered = (results: readonly SubmitResult[]) => {
			for (const { status } of results) metrics.events.inc({ result: status })
		}
		const way = { log, registry, keyring, trace: tracing.here }
		const failedAt = (route: string) => (error: unknown) => say("error", "request.failed", { route, error })
		const door = intake({ ...way, answered, failed: failedAt("/events") })
		const sheets = has("intake")
			? importDoor({
					door: way,
					caughtUp: caughtUp(log, reader),
					keysOf: reader.keysOf,
					profiles: config.profiles,
					senderOf: () => ({}),
					answered,
					failed: failedAt("/imports"),
				})
			: null
		const { kafka } = config
		const inbox =
			has("intake") && config.inbox && kafka !== null ? openPatiently(() => openInbox({ ...way, kafka, prefix: prefixOf(config), notice }), notice) : null
		if (inbox !== null) opened.push(inbox.stop)
		const webhooks = new Webhooks(pool)
		const feed = new Feed({
			derived: new DerivedReader(pool),
			people: { events: (keys) => reader.snapshot((snapshot) => snapshot.events(keys)), open: (values) => keyring.open(values) },
			key,
		})
		opened.push(feed.stop, listenToBell(connectionString, feed.hub.ring))
		// The schema takes a while to build: only who answers queries builds it.
		const answers = has("gateway")
			? (await import("@yima/gateway")).gateway({
					reader,
					submit: (events) => door.submit(events),
					examine: (event) => examine(way, event),
					tick: async () => {
						await ticker.tick(Array.from({ length: log.partitions }, (_, partition) => partition))
					},
					now: systemNow,
					open: (values) => keyring.open(values),
					feed,
					subscribers: subscribersWith({ webhooks, key, allowed: config.allowed, now: systemNow }),
					failed: failedAt("/graphql"),
					answered: (outcome) => metrics.queries.inc({ outcome }),
				})
			: null
		const courier = has("courier")
			? startCourier({
					feed,
					webhooks,
					key,
					allowed: config.allowed,
					now: systemNow,
					answered: (webhook, row, body) => reportBack(webhook, row, body, door, webhooks),
					sent: (outcome, latencyMs) => {
						metrics.deliveries.inc({ outcome })
						metrics.deliverySeconds.observe(latencyMs / 1000)
					},
					failed: (error) => say("error", "courier.failed", { error }),
				})
			: null
		if (courier !== null) opened.push(courier.stop)
		// Before the first of each, nothing would be shown.
		if (courier !== null) for (const outcome of ["delivered", "refused", "down", "gone"]) metrics.deliveries.inc({ outcome }, 0)
		const derivedTopic = courier === null ? null : await openDerivedTopic(config, log.partitions, notice)
		if (derivedTopic !== null) {
			const door = startKafkaDoor({ feed, doors: new Doors(pool), topic: derivedTopic, failed: (error) => say("error", "courier.failed", { error }) })
			opened.push(() => derivedTopic.close(), door.stop)
		}
		const health = new HealthProbe({
			log,
			reader,
			ticker,
			linker,
			inbox,
			turned: (works, error) => (works ? say("info", "health.works") : say("error", "health.fails", { error })),
		})
		opened.push(health.stop)
		opened.push(watch(metrics, { connectionString, log, health, linker }))
		const listening: Listening = await listen(config, {
			intake: has("intake") ? door : null,
			imports: sheets,
			gateway: answers,
			stream: answers === null ? null : (await import("@yima/gateway")).sse(feed),
			health,
			operations,
		})
		opened.push(listening.stop, door.stop, async () => sheets?.stop())
		return { url: listening.url, connectionString, intake: has("intake") ? door : null, reader, health, settings, isNew, stop }
	} catch (error) {
		await stop()
		throw error
	}
}
