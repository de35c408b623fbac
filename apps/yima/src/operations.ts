import type { Notice } from "@yima/log"
import { type Logger, logger, Metrics, NO_TRACING, startTracing, type Tracing } from "@yima/telemetry"

/** What an operator sees of a process. */
export interface Operations {
	readonly metrics: Metrics
	readonly log: Logger
	readonly tracing: Tracing
}

/** Lines on standard error: words at a terminal, JSON elsewhere. */
export const startOperations = async (env: NodeJS.ProcessEnv): Promise<Operations> => {
	const tracing = await startTracing(env)
	const log = logger({ write: (line) => process.stderr.write(line), isReadable: process.stderr.isTTY === true, trace: tracing.ids })
	return { metrics: new Metrics(), log, tracing }
}

/** For whoever puts the parts together and watches none of it. */
export const unwatched = (): Operations => ({ metrics: new Metrics(), log: { say: () => undefined }, tracing: NO_TRACING })

/** The same trouble of a part is said once in so long, ms: what fails is tried again all the time. */
const QUIET = 10_000

/** Says what the log meets with and goes on from. */
export const troubles = ({ say }: Logger, now: () => number = Date.now): Notice => {
	const said = new Map<string, number>()
	return ({ doing, partition, error }) => {
		const what = `${doing} ${partition ?? ""}`
		if (now() - (said.get(what) ?? Number.NEGATIVE_INFINITY) < QUIET) return
		said.set(what, now())
		say("warn", "log.trouble", { doing, error, ...(partition === undefined ? {} : { partition }) })
	}
}

/**
 * A process that meets what it cannot go on from says so without what the error quotes, and ends: whoever supervises it starts it again,
 * and nothing accepted is lost.
 */
export const endLoudly = ({ say }: Logger): void => {
	const end = (error: unknown) => {
		say("error", "process.crashed", { error })
		process.exit(1)
	}
	process.once("uncaughtException", end)
	process.once("unhandledRejection", end)
}
