import { GraphQLError } from "graphql"

/** Why a question gets no answer: the codes of the contract, and no other. */
export type RefusalCode = "BAD_CODE" | "NOT_FOUND" | "FORBIDDEN" | "UNAUTHENTICATED" | "TOO_COMPLEX" | "BAD_INPUT" | "CONFLICT" | "UNAVAILABLE"

const CODES: ReadonlySet<unknown> = new Set<RefusalCode>([
	"BAD_CODE",
	"NOT_FOUND",
	"FORBIDDEN",
	"UNAUTHENTICATED",
	"TOO_COMPLEX",
	"BAD_INPUT",
	"CONFLICT",
	"UNAVAILABLE",
])

/** A refusal in the asker's language; `extensions.code` is what programs branch on. */
export const refusal = (code: RefusalCode, message: string, more: Readonly<Record<string, unknown>> = {}): GraphQLError =>
	new GraphQLError(message, { extensions: { code, ...more } })

const isRetriable = (error: unknown): boolean => typeof error === "object" && error !== null && "retry" in error && error.retry === true

/** PostgreSQL's class 22, data exceptions: what the asker gave, a cursor or an id, is no value that the registry could hold. */
const isUnstorable = (error: unknown): boolean =>
	typeof error === "object" && error !== null && "code" in error && typeof error.code === "string" && /^22...$/.test(error.code)

/**
 * The one place where errors become answers: our own refusals pass, what GraphQL itself finds wrong with a question is BAD_INPUT, and
 * everything else is told to the operator and masked: no stack, no SQL, no name of a host leaves the process.
 */
export const masked =
	(failed: (error: unknown) => void) =>
	(error: unknown): Error => {
		if (!(error instanceof GraphQLError)) return hidden(error, failed)
		const { originalError } = error
		if (originalError instanceof GraphQLError && CODES.has(originalError.extensions["code"])) return located(originalError, error)
		if (originalError !== undefined && !(originalError instanceof GraphQLError)) return hidden(originalError, failed, error)
		return CODES.has(error.extensions["code"]) ? error : located(new GraphQLError(error.message, { extensions: { code: "BAD_INPUT" } }), error)
	}

const located = ({ message, extensions }: GraphQLError, { nodes, path, source, positions }: GraphQLError): GraphQLError =>
	new GraphQLError(message, { nodes, path, source, positions, extensions })

const refusedBy = (error: unknown): GraphQLError => {
	if (isUnstorable(error)) return refusal("BAD_INPUT", "所给的值或游标不是登记库能有的值")
	return refusal("UNAVAILABLE", isRetriable(error) ? "登记库或日志暂时不可用,请稍后再试" : "暂时无法回答,请稍后再试")
}

const hidden = (error: unknown, failed: (error: unknown) => void, at?: GraphQLError): GraphQLError => {
	const found = refusedBy(error)
	if (found.extensions["code"] === "UNAVAILABLE") failed(error)
	return at === undefined ? found : located(found, at)
}
