import "./account.ts"
import "./building.ts"
import "./deadline-list.ts"
import "./event.ts"
import "./event-status.ts"
import "./feed.ts"
import "./finding-list.ts"
import "./mutation.ts"
import "./parked.ts"
import "./rejected.ts"
import "./readiness-changed.ts"
import "./report.ts"
import "./readiness-if.ts"
import "./ruling.ts"
import "./unit-diff.ts"
import "./unit-events.ts"
import "./parcel.ts"
import "./party.ts"
import "./project.ts"
import "./query.ts"
import "./resolve.ts"
import "./scalars.ts"
import "./unit.ts"
import "./webhook.ts"
import { lexicographicSortSchema, printSchema } from "graphql"
import { builder } from "./builder.ts"
import { answeredByRows } from "./unit-row.ts"

/** Everything that the files above have said of it. */
export const schema = answeredByRows(builder.toSchema())

/** In GraphQL's own language, types in order of their names. */
export const schemaText = `${printSchema(lexicographicSortSchema(schema))}\n`
