export { type Failure, failureOf } from "./failure.ts"
export { type Fields, type Level, type Logger, logger } from "./logger.ts"
export { CONTENT_TYPE, Metrics } from "./metrics.ts"
export { NO_TRACING, startTracing, type TraceContext, type Tracing, type TurnSpan } from "./tracing.ts"
