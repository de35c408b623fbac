import type { SubmitResult } from "@yima/schemas"
import { builder } from "./builder.ts"

export interface ProblemShown {
	readonly code: string
	readonly pointer: string
	readonly message: string
}

export const ProblemType = builder.objectRef<ProblemShown>("Problem").implement({
	description: "What is wrong with one place of an event: a stable code, a JSON pointer, a sentence",
	fields: (t) => ({ code: t.exposeString("code"), pointer: t.exposeString("pointer"), message: t.exposeString("message") }),
})

const STATUS = { accepted: "ACCEPTED", duplicate: "DUPLICATE", rejected: "REJECTED", conflict: "CONFLICT" } as const
const SubmitStatus = builder.enumType("SubmitStatus", { values: Object.values(STATUS) })

export const SubmitResultType = builder.objectRef<SubmitResult>("SubmitResult").implement({
	description: "回执. position: where the log has it, for the header yima-at-least",
	fields: (t) => ({
		status: t.field({ type: SubmitStatus, resolve: ({ status }) => STATUS[status] }),
		source: t.exposeString("source"),
		id: t.exposeString("id"),
		position: t.exposeString("position", { nullable: true }),
		problems: t.field({ type: [ProblemType], resolve: ({ problems }) => problems }),
	}),
})
