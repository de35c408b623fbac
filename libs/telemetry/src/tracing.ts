/** A place in a trace, as W3C Trace Context writes it. */
export interface TraceContext {
	readonly traceparent: string
	readonly tracestate?: string
}

/** A turn that is over; moments in ms since 1970. */
export interface TurnSpan {
	readonly partition: number
	readonly startedAt: number
	readonly committingAt: number
	readonly endedAt: number
	readonly records: number
	readonly outcome: string
	/** The traces of the events that it took in: asked for once, and only where there is tracing. */
	readonly events: () => Iterable<string>
}

export interface Tracing {
	readonly isOn: boolean
	/** Runs `work` as a span under the sender's, if it names one. */
	readonly request: (name: string, headers: Headers, work: () => Promise<Response>) => Promise<Response>
	/** Where in a trace the caller is; null: nowhere. */
	readonly here: () => TraceContext | null
	readonly ids: () => { readonly traceId: string; readonly spanId: string } | null
	/** A span for the turn, linked to its events' traces, and one below it for the commit that wrote the rows. */
	readonly turn: (turn: TurnSpan) => void
	/** Sends what is left. */
	readonly stop: () => Promise<void>
}

/** Costs nothing. */
export const NO_TRACING: Tracing = {
	isOn: false,
	request: (_name, _headers, work) => work(),
	here: () => null,
	ids: () => null,
	turn: () => undefined,
	stop: async () => undefined,
}

/** Traces where `OTEL_EXPORTER_OTLP_ENDPOINT` says where they go; without it nothing is even loaded. */
export const startTracing = async (env: Readonly<Record<string, string | undefined>>): Promise<Tracing> => {
	const isWanted = [env["OTEL_EXPORTER_OTLP_ENDPOINT"], env["OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"]].some((each) => each !== undefined && each !== "")
	return isWanted ? (await import("./open-telemetry.ts")).openTelemetry() : NO_TRACING
}
