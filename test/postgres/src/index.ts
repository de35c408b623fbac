export { type Postgres, startPostgres } from "./postgres.ts"
export { until } from "./until.ts"
