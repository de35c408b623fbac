import type { Reason } from "@yima/rules"
import { builder } from "./builder.ts"
import { type EventNode, EventRefRef } from "./nodes.ts"

/** One node of a proof, with the events that it rests on. */
export interface ReasonNode extends Omit<Reason, "evidence"> {
	readonly evidence: readonly EventNode[]
}

export const ReasonType = builder.objectRef<ReasonNode>("Reason").implement({
	description: "One node of a proof, a flat list in reading order: a statement, whether it holds, the node that it supports (null: what is to be shown itself)",
	fields: (t) => ({
		id: t.exposeInt("id"),
		parent: t.int({ nullable: true, resolve: ({ parent }) => parent }),
		statement: t.exposeString("statement"),
		holds: t.exposeBoolean("holds"),
		evidence: t.field({ type: [EventRefRef], resolve: ({ evidence }) => evidence }),
	}),
})
