import { idKey, meaning } from "@yima/linking"
import { type Code, type EventKey, type Identifier, identifier, KINDS, type Kind } from "@yima/schemas"
import { pageArgs, TIMES } from "./arguments.ts"
import { builder } from "./builder.ts"
import { connectionOf, type Page } from "./connection.ts"
import { cursorOf, pageSize, readCursor } from "./cursor.ts"
import { EventRefRef, type UnitNode, UnitRef } from "./nodes.ts"
import type { Reading, Sight } from "./reading.ts"
import { readingOf } from "./reading-of.ts"
import { refusal } from "./refusal.ts"
import { placedKind, ScopeEnum } from "./scope-kind.ts"
import { unitFor } from "./unit.ts"
import { type When, whenOf } from "./when.ts"

export interface IdentifierAsked {
	readonly kind?: string | null | undefined
	readonly value: string
	readonly issuer?: string | null | undefined
}

/** What an identifier leads to, as used at `asOf` by what was known at `knownAt`. */
export interface Resolved {
	readonly state: "ONE" | "SET" | "DISPUTED" | "UNKNOWN"
	readonly kind: Kind | null
	readonly codes: readonly Code[]
	readonly definedBy: readonly EventKey[]
}

const isKind = (text: string): text is Kind => (KINDS as readonly string[]).includes(text)

const kindsOf = (kind: string | null): readonly Kind[] => {
	if (kind === null) return KINDS
	if (!isKind(kind)) throw refusal("BAD_INPUT", `没有这种业务标识:${kind.slice(0, 60)};可用 ${KINDS.join("、")}`)
	return [kind]
}

/** One identifier of one kind. */
const resolvedAs = async (id: Identifier, sight: Sight, reading: Reading): Promise<Resolved | null> => {
	const all = await reading.definitions(idKey(id), sight)
	const found = meaning(id, all, sight.asOf)
	return found === null ? null : { state: found.is, kind: id.kind, codes: found.codes, definedBy: [...new Set(all.map((each) => each.by))] }
}

/** Resolves as linking does; without a kind, all kinds are tried, and what several of them lead to is taken together. */
export const resolved = async ({ kind = null, value, issuer = null }: IdentifierAsked, sight: Sight, reading: Reading): Promise<Resolved> => {
	const found = (await Promise.all(kindsOf(kind).map((each) => resolvedAs(identifier(each, value, issuer), sight, reading)))).filter((each) => each !== null)
	const [first, second] = found
	if (first === undefined) return { state: "UNKNOWN", kind: null, codes: [], definedBy: [] }
	if (second === undefined) return first
	const codes = [...new Set(found.flatMap((each) => each.codes))].sort()
	const state = found.some((each) => each.state === "DISPUTED") ? "DISPUTED" : codes.length === 1 ? "ONE" : "SET"
	return { state, kind: null, codes, definedBy: [...new Set(found.flatMap((each) => each.definedBy))] }
}

interface ScopeNode {
	readonly code: Code
	readonly unit: () => Promise<UnitNode | null>
}

const ScopeRefType = builder.objectRef<ScopeNode>("ScopeRef").implement({
	fields: (t) => ({
		scope: t.field({ type: ScopeEnum, resolve: ({ code }) => placedKind(code) }),
		code: t.string({ resolve: ({ code }) => code }),
		unit: t.field({ type: UnitRef, nullable: true, resolve: ({ unit }) => unit() }),
	}),
})
const ScopeConnection = connectionOf("Scope", ScopeRefType)

interface ResolveNode extends Resolved {
	readonly of: string
	readonly when: When
	readonly reading: Reading
}

const scopesOf = (
	{ of, codes, when, reading }: ResolveNode,
	{ first, after }: { readonly first?: number | null | undefined; readonly after?: string | null | undefined },
): Page<ScopeNode> => {
	const place = readCursor(after, of)
	const from = String(place?.at[0] ?? "")
	const rest = [...codes].sort().filter((code) => code > from)
	const size = pageSize(first, 20)
	const page = rest.slice(0, size)
	const cursor = (code: string) => cursorOf({ of, sight: null, at: [code] })
	return {
		edges: page.map((code) => ({
			cursor: cursor(code),
			node: { code, unit: async () => (code.length === 28 && placedKind(code) !== "PROJECT" ? unitFor(code, when, reading) : null) },
		})),
		hasNextPage: rest.length > size,
		endCursor: cursor(page.at(-1) ?? from),
		count: () => codes.length,
	}
}

const ResolveState = builder.enumType("ResolveState", { values: ["ONE", "SET", "DISPUTED", "UNKNOWN"] as const })
const ResolveResult = builder.objectRef<ResolveNode>("ResolveResult").implement({
	fields: (t) => ({
		state: t.field({ type: ResolveState, resolve: (each) => each.state }),
		kind: t.string({ nullable: true, resolve: (each) => each.kind }),
		scopes: t.field({
			type: ScopeConnection,
			args: pageArgs(20),
			resolve: scopesOf,
		}),
		definedBy: t.field({
			type: [EventRefRef],
			resolve: ({ definedBy, when, reading }) => definedBy.map((key) => ({ key, when, reading, seen: null })),
		}),
	}),
})

builder.queryField("resolve", (t) =>
	t.field({
		type: ResolveResult,
		description: "What an identifier leads to: a contract, permit, certificate, invoice, account number, house code or address; kind may be left out",
		args: {
			kind: t.arg.string(),
			value: t.arg.string({ required: true }),
			issuer: t.arg.string(),
			...TIMES,
		},
		resolve: async (_, { kind, value, issuer, ...asked }, context) => {
			const reading = readingOf(context)
			const when = whenOf(asked, reading)
			const of = `resolve ${JSON.stringify([kind ?? null, value, issuer ?? null, asked.asOf ?? null, asked.knownAt ?? null])}`
			return { ...(await resolved({ kind, value, issuer }, when, reading)), of, when, reading }
		},
	}),
)
