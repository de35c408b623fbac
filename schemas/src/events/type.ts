import type { Schema } from "effect"
import { choice, date, list, optional, remark, sha256, struct, text } from "../fields.ts"
import { KINDS } from "../identifier.ts"
import type { Level } from "../scope.ts"

/** What every event's data may hold beside its own fields. */
const common = {
	refs: optional(list(struct({ kind: choice(...KINDS), value: text(300), issuer: optional(text(200)) }))),
	documents: optional(
		list(
			struct({
				kind: text(100),
				number: text(200),
				title: optional(text(300)),
				issuedOn: optional(date),
				issuer: optional(text(200)),
				sha256: optional(sha256),
				uri: optional(text(2000)),
			}),
		),
	),
}

/** One event type: its Chinese title, the levels of scope it may stand on (none: it is about the registry), its data. */
export interface EventType<Data = unknown, Encoded = unknown> {
	readonly title: string
	readonly levels: readonly Level[]
	readonly data: Schema.Codec<Data, Encoded>
	readonly fields: Schema.Struct.Fields
}

/** `levels` as `events.md` prints them: P parcel, B building, U unit, J project, any all four, none. */
export const type = <const F extends Schema.Struct.Fields>(
	title: string,
	levels: "none" | "any" | "P" | "B" | "U" | "J" | "P,B" | "P,U" | "J,B" | "P,B,U",
	fields: F,
) => {
	const data = struct({ ...fields, ...common })
	return {
		title,
		levels: (levels === "none" ? [] : levels === "any" ? ["P", "B", "U", "J"] : levels.split(",")) as readonly Level[],
		data,
		fields,
	}
}

/** Every family's `<family>.retracted`: as if the event had never been sent. */
export const retracted = () => type("撤回", "any", { event: struct({ id: text(200) }), reason: remark })
