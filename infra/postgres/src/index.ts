export { type EmbeddedDatabase, type EmbeddedDatabaseOptions, startEmbeddedDatabase } from "./embedded.ts"
export { type Postgres, startPostgres } from "./mortal.ts"
