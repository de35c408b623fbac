import { context, isSpanContextValid, type Link, propagation, ROOT_CONTEXT, type Span, SpanKind, SpanStatusCode, trace } from "@opentelemetry/api"
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks"
import { W3CTraceContextPropagator } from "@opentelemetry/core"
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-http"
import { BatchSpanProcessor, TracerProvider } from "@opentelemetry/sdk-trace"
import type { Tracing, TurnSpan } from "./tracing.ts"

/** A turn may take in thousands of events: so many of their traces are named. */
const MOST_LINKS = 32

const ended = (span: Span, status: number): void => {
	span.setAttribute("http.response.status_code", status)
	if (status >= 500) span.setStatus({ code: SpanStatusCode.ERROR })
	span.end()
}

const linksTo = (traceparents: Iterable<string>): Link[] => {
	const links = new Map<string, Link>()
	for (const traceparent of traceparents) {
		if (links.size >= MOST_LINKS) break
		const of = trace.getSpanContext(propagation.extract(ROOT_CONTEXT, { traceparent }))
		if (of !== undefined && isSpanContextValid(of)) links.set(of.spanId, { context: of })
	}
	return [...links.values()]
}

/** Traces by OpenTelemetry over OTLP/HTTP; the SDK reads its own `OTEL_…` variables. A collector that is away costs spans, never work. */
export const openTelemetry = (): Tracing => {
	const provider = new TracerProvider({ spanProcessors: [new BatchSpanProcessor({ exporter: new OTLPTraceExporter() })] })
	context.setGlobalContextManager(new AsyncLocalStorageContextManager())
	propagation.setGlobalPropagator(new W3CTraceContextPropagator())
	const tracer = provider.getTracer("yima")
	const ids = () => {
		const of = trace.getActiveSpan()?.spanContext()
		return of === undefined ? null : { traceId: of.traceId, spanId: of.spanId }
	}
	return {
		isOn: true,
		ids,
		request: (name, headers, work) => {
			const parent = propagation.extract(ROOT_CONTEXT, Object.fromEntries(headers))
			return tracer.startActiveSpan(name, { kind: SpanKind.SERVER }, parent, async (span) => {
				try {
					const response = await work()
					ended(span, response.status)
					return response
				} catch (error) {
					ended(span, 500)
					throw error
				}
			})
		},
		here: () => {
			const carrier: Record<string, string> = {}
			propagation.inject(context.active(), carrier)
			const { traceparent, tracestate } = carrier
			if (traceparent === undefined) return null
			return tracestate === undefined ? { traceparent } : { traceparent, tracestate }
		},
		turn: ({ partition, startedAt, committingAt, endedAt, records, outcome, events }: TurnSpan) => {
			const attributes = { "yima.partition": partition, "yima.records": records, "yima.outcome": outcome }
			const span = tracer.startSpan("turn", { kind: SpanKind.CONSUMER, startTime: startedAt, links: linksTo(events()), attributes }, ROOT_CONTEXT)
			tracer.startSpan("commit", { kind: SpanKind.CLIENT, startTime: committingAt }, trace.setSpan(ROOT_CONTEXT, span)).end(endedAt)
			span.end(endedAt)
		},
		stop: () => provider.shutdown(),
	}
}
