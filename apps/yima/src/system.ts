import { checkFingerprint, FINGERPRINT, Keyring, MasterKeyMissing } from "@yima/access"
import { startEmbeddedDatabase } from "@yima/embedded-postgres"
import { type Intake, intake, openInbox } from "@yima/intake"
import { type Linker, startLinker } from "@yima/linker"
import { connect, migrate, PostgresRegistry, personKeys, Reader, settings as settingsIn } from "@yima/registry"
import { systemNow } from "./clock.ts"
import { type Configuration, prefixOf } from "./configuration.ts"
import { HealthProbe } from "./health.ts"
import { type Listening, listen } from "./http.ts"
import { findMasterKey } from "./master-key-file.ts"
import { openLog } from "./open-log.ts"
import { Ticker } from "./ticker.ts"

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

/** Puts the parts together: database, schema, log, key, then the roles, then the door. What fails on the way closes what was opened. */
export const startSystem = async (config: Configuration): Promise<System> => {
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

		const log = await openLog(config, config.ownerUrl ?? connectionString)
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

		const linker: Linker | null = has("linker") ? await startLinker({ log, registry, now: systemNow }) : null
		if (linker !== null) opened.push(linker.stop)
		const keyring = new Keyring(key, personKeys(pool))
		const failed = (error: unknown) => console.error(error)
		const door = intake({ log, registry, keyring, failed })
		const { kafka } = config
		const inbox =
			has("intake") && config.inbox && kafka !== null
				? await openInbox({ log, registry, keyring, kafka, prefix: prefixOf(config), notice: ({ doing, error }) => failed(`${doing}: ${String(error)}`) })
				: null
		if (inbox !== null) opened.push(inbox.stop)
		// The schema takes a while to build: only who answers queries builds it.
		const answers = has("gateway")
			? (await import("@yima/gateway")).gateway({
					reader,
					submit: (events) => door.submit(events),
					tick: async () => {
						await ticker.tick(Array.from({ length: log.partitions }, (_, partition) => partition))
					},
					now: systemNow,
					open: (values) => keyring.open(values),
					failed,
				})
			: null
		const health = new HealthProbe({ log, reader, ticker, linker, inbox })
		opened.push(health.stop)
		const listening: Listening = await listen(config, { intake: has("intake") ? door : null, gateway: answers, health })
		opened.push(listening.stop, door.stop)
		return { url: listening.url, connectionString, intake: has("intake") ? door : null, reader, health, settings, isNew, stop }
	} catch (error) {
		await stop()
		throw error
	}
}
