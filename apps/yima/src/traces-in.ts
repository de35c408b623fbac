import type { LogRecord } from "@yima/log"

/** As W3C Trace Context writes it; in the log's text it stands behind its name. */
const TRACEPARENT = /"traceparent":"(00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2})"/

/** The traces of events in the log, found without reading the events. */
export function* tracesIn(records: readonly LogRecord[]): Generator<string> {
	for (const { value } of records) {
		const [, found] = TRACEPARENT.exec(value) ?? []
		if (found !== undefined) yield found
	}
}
