/** What the door rests on: the log, and the registry for identities and persons' keys. */
export type Support = "log" | "registry"

const NAMES: Readonly<Record<Support, string>> = { log: "事件日志", registry: "登记库" }

/** Somebody holds the log for the moment. Nothing was acknowledged; the same again later may succeed. */
export class Busy extends Error {
	readonly _tag = "Busy"
	readonly retryAfterS = 1
	constructor(cause: unknown) {
		super("事件日志正忙,请稍后重发", { cause })
	}
}

/** The log or the registry cannot be reached. Nothing was acknowledged; the same again later may succeed, and what got through doubled counts once. */
export class Unavailable extends Error {
	readonly _tag = "Unavailable"
	readonly retryAfterS = 5
	readonly support: Support
	constructor(support: Support, cause: unknown) {
		super(`${NAMES[support]}暂时不可用,请稍后重发`, { cause })
		this.support = support
	}
}
