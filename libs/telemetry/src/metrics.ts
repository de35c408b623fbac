import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client"

/** The media type of `Metrics.text`. */
export const CONTENT_TYPE = Registry.PROMETHEUS_CONTENT_TYPE

/** Bounds of histograms, s: from a read in memory to what an asker gives up on. */
const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]
const RECORDS = [0, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000]

/**
 * Every metric of the system, by its name at Prometheus. Labels take few values: partitions, fixed words, never a code or a name.
 * A gauge that is read from elsewhere is set by what `onScrape` was given.
 */
export class Metrics {
	readonly #registry = new Registry()
	readonly #readings: (() => Promise<void>)[] = []
	#reading: Promise<unknown> | null = null

	readonly info = this.#gauge("yima_info", "What this process is: always 1", ["version", "roles"])
	readonly ready = this.#gauge("yima_ready", "1: a tick went through log, linker and registry and back just now (as /health/ready)")
	readonly databaseUp = this.#gauge("yima_database_up", "1: the registry's database answered this scrape")
	readonly logUp = this.#gauge("yima_log_up", "1: the log answered this scrape")

	readonly requests = this.#counter("yima_http_requests_total", "Requests answered", ["route", "status"])
	readonly requestSeconds = this.#histogram("yima_http_request_duration_seconds", "From a request to the beginning of its answer", SECONDS, ["route"])
	readonly events = this.#counter("yima_events_total", "Events answered at the door", ["result"])
	readonly queries = this.#counter("yima_queries_total", "GraphQL operations answered: in full, refused with a code, or failed", ["outcome"])

	readonly turns = this.#counter("yima_turns_total", "Turns of partitions' owners: done, fenced or stale (taken again), failed", ["outcome"])
	readonly turnSeconds = this.#histogram("yima_turn_duration_seconds", "A turn that was done, from its opening to its commit", SECONDS)
	readonly commitSeconds = this.#histogram("yima_turn_commit_duration_seconds", "The transaction at the end of a turn", SECONDS)
	readonly turnRecords = this.#histogram("yima_turn_records", "Records of the log that a turn took in", RECORDS)
	readonly owned = this.#gauge(
		"yima_linker_partitions",
		"Partitions of this process by how they fare: working, failing (tries again), red (waits for someone)",
		["state"],
	)
	readonly lag = this.#gauge("yima_partition_lag_records", "Records in the log that are not linked yet; every linker tells it of every partition", [
		"partition",
	])
	readonly unreadAge = this.#gauge(
		"yima_partition_oldest_unread_age_seconds",
		"Age of the oldest record that is not linked: exact at the partition's owner, elsewhere an upper bound (time since the last linked record); take the least",
		["partition"],
	)
	readonly letters = this.#gauge("yima_mailbox_letters", "Letters that are due and not worked off", ["partition"])
	readonly letterAge = this.#gauge("yima_mailbox_oldest_age_seconds", "How long this process has seen the oldest due letter lie", ["partition"])
	readonly parked = this.#gauge("yima_parked_events", "Events that wait for a place", ["reason"])
	readonly rejected = this.#gauge("yima_rejected_records", "Records kept out of history and not sent again", ["kind"])

	readonly deliveries = this.#counter("yima_deliveries_total", "Requests to subscribers' endpoints: delivered, refused, down (the endpoint as a whole), gone", [
		"outcome",
	])
	readonly deliverySeconds = this.#histogram("yima_delivery_duration_seconds", "A request to an endpoint, until its answer", SECONDS)
	readonly webhooks = this.#gauge("yima_webhooks", "Subscribers' endpoints by how they fare", ["status"])
	readonly webhookWaiting = this.#gauge(
		"yima_webhook_waiting_events",
		"What an endpoint (kafka: the topic) has not been given yet: behind its cursor (counted up to 1000), held, or to be sent again",
		["webhook"],
	)
	readonly webhookAge = this.#gauge("yima_webhook_oldest_waiting_age_seconds", "Age of the oldest of these", ["webhook"])
	readonly webhookFailed = this.#gauge("yima_webhook_failed_events", "What an endpoint has refused for so long that a person has to put it right", ["webhook"])
	readonly webhookFailing = this.#gauge("yima_webhook_failing_age_seconds", "For how long the endpoint that has failed longest has done so; 0: none fails")
	readonly accountAge = this.#gauge("yima_account_oldest_unanswered_age_seconds", "Age of the oldest account request that its company has not answered", [
		"service",
	])

	constructor() {
		collectDefaultMetrics({ register: this.#registry })
	}

	/** Has gauges set before each answer. `read` sets what it can within its own time limits and never fails. */
	onScrape(read: () => Promise<void>): void {
		this.#readings.push(read)
	}

	/** All metrics, in Prometheus' text format. Scrapes that come together share one reading. */
	async text(): Promise<string> {
		this.#reading ??= Promise.allSettled(this.#readings.map((read) => read())).finally(() => {
			this.#reading = null
		})
		await this.#reading
		return this.#registry.metrics()
	}

	#gauge<L extends string = never>(name: string, help: string, labelNames: readonly L[] = []): Gauge<L> {
		return new Gauge({ name, help, labelNames, registers: [this.#registry] })
	}

	#counter<L extends string = never>(name: string, help: string, labelNames: readonly L[] = []): Counter<L> {
		return new Counter({ name, help, labelNames, registers: [this.#registry] })
	}

	#histogram<L extends string = never>(name: string, help: string, buckets: number[], labelNames: readonly L[] = []): Histogram<L> {
		return new Histogram({ name, help, buckets, labelNames, registers: [this.#registry] })
	}
}
