import { Schema } from "effect"
import { choice } from "./fields.ts"
import { SubmitResult } from "./submit-result.ts"

/**
 * What a department is told of a record of its inbox that did not go in (退回): the door's answer, and the record's bytes as they came.
 * They are open text, as the department wrote it into its own inbox, and stay as short; where they are too many for one event, none.
 */
export const Refused = Schema.Struct({
	...SubmitResult.fields,
	status: choice("conflict", "rejected"),
	original: Schema.NullOr(
		Schema.Struct({
			/** Base64 of each header's bytes; a name may have come more than once. */
			headers: Schema.Record(Schema.String, Schema.Array(Schema.String)),
			/** Base64; null: the record had no value. */
			value: Schema.NullOr(Schema.String),
		}),
	),
})
export type Refused = typeof Refused.Type
