import { Schema } from "effect"
import { toCloudEvent } from "./encode.ts"
import type { AnyEvent } from "./event.ts"
import { choice } from "./fields.ts"
import { blinded } from "./seal.ts"
import { equal } from "./steps.ts"

/**
 * What the door answers for each event (回执). `position`: where the log has it, null where it was refused. A duplicate is the same
 * event again; a conflict is another body under an identity that is taken.
 */
export const SubmitResult = Schema.Struct({
	status: choice("accepted", "duplicate", "rejected", "conflict"),
	source: Schema.String,
	id: Schema.String,
	position: Schema.NullOr(Schema.String),
	problems: Schema.Array(Schema.Struct({ code: Schema.String, pointer: Schema.String, message: Schema.String })),
})
export type SubmitResult = typeof SubmitResult.Type

/** Whether two events of one identity say the same: their decoded forms are equal, moments as instants, persons by blind index. */
export const sameBody = (a: AnyEvent, b: AnyEvent): boolean => equal(blinded(toCloudEvent(a)), blinded(toCloudEvent(b)))
