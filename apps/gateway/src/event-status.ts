import { idKey, restorePlaces } from "@yima/linking"
import { type EventKey, eventKey, formatPosition, type Identifier, type Known, type Place, type Scope, type Source } from "@yima/schemas"
import { builder } from "./builder.ts"
import { type EventNode, EventType, type IdentifierNode, IdentifierRef, type ParkedNode, ParkedRef } from "./nodes.ts"
import { parkedNode } from "./parked.ts"
import { type ProblemShown, ProblemType } from "./problem-type.ts"
import type { Reading } from "./reading.ts"
import { readingOf } from "./reading-of.ts"
import { problemsOf } from "./rejected.ts"
import { placedKind, ScopeEnum } from "./scope-kind.ts"
import { nowOf } from "./when.ts"

interface LinkNode {
	readonly subject: Scope
	readonly place: Extract<Place, { readonly is: "PLACED" }>
	readonly knownFrom: Known
	readonly knownTo: Known | null
	readonly event: EventNode
}

interface StatusNode {
	readonly event: EventNode | null
	readonly position: string | null
	readonly state: "PLACED" | "PARKED" | "REJECTED" | "CONFLICT" | "DISMISSED"
	readonly links: readonly LinkNode[]
	readonly problems: readonly ProblemShown[]
	readonly parked: ParkedNode | null
}

/** The identifier that decided, as the first event that gave it its meaning says it. */
const throughOf = async ({ place, event, knownFrom }: LinkNode): Promise<IdentifierNode | null> => {
	const [through] = place.through
	if (through === undefined) return null
	const id: Identifier = through
	const all = await event.reading.definitions(idKey(id), { asOf: Number.MAX_SAFE_INTEGER as EventNode["when"]["asOf"], knownAt: knownFrom })
	const [definition] = all.filter((each) => id.issuer === null || each.id.issuer === id.issuer)
	if (definition === undefined) return null
	const definedBy: EventNode = { ...event, key: definition.by, seen: null }
	return { kind: id.kind, value: id.value, issuer: definition.id.issuer, since: definition.time, definedBy }
}

const LinkType = builder.objectRef<LinkNode>("Link").implement({
	description: "挂接: where an event stood, and since when that was known",
	fields: (t) => ({
		subject: t.exposeString("subject"),
		scope: t.field({ type: ScopeEnum, resolve: ({ subject }) => placedKind(subject) }),
		through: t.field({ type: IdentifierRef, nullable: true, resolve: throughOf }),
		rule: t.string({ description: "decision, subject, list, identifiers, registry, event", resolve: ({ place }) => place.rule }),
		knownFrom: t.field({ type: "DateTime", resolve: ({ knownFrom }) => knownFrom }),
		knownTo: t.field({ type: "DateTime", nullable: true, resolve: ({ knownTo }) => knownTo }),
	}),
})

const EventState = builder.enumType("EventState", { values: ["PLACED", "PARKED", "REJECTED", "CONFLICT", "DISMISSED"] as const })

const EventStatus = builder.objectRef<StatusNode>("EventStatus").implement({
	fields: (t) => ({
		event: t.field({ type: EventType, nullable: true, resolve: ({ event }) => event }),
		position: t.exposeString("position", { nullable: true }),
		state: t.field({ type: EventState, resolve: ({ state }) => state }),
		links: t.field({ type: [LinkType], resolve: ({ links }) => links }),
		problems: t.field({ type: [ProblemType], resolve: ({ problems }) => problems }),
		parked: t.field({ type: ParkedRef, nullable: true, resolve: ({ parked }) => parked }),
	}),
})

/**
 * What became of an event, by the registry alone: what is in the log and not yet worked off is not known here. Bodies that were refused
 * under an identity that stands are told as its problems.
 */
const statusOf = async (key: EventKey, reading: Reading): Promise<StatusNode | null> => {
	const when = nowOf(reading)
	const [recorded, link, refused] = await Promise.all([reading.recorded(key), reading.link(key), reading.snapshot.rejectedOf(key)])
	const problems = refused.flatMap(problemsOf)
	if (recorded === null || link === null) {
		const last = refused.at(-1)
		if (last === undefined) return null
		const state = last.kind === "conflict" ? "CONFLICT" : "REJECTED"
		return { event: null, position: formatPosition(last), state, links: [], problems, parked: null }
	}
	const event: EventNode = { key, when, reading, seen: null }
	const steps = restorePlaces(link.places)
	const links = steps.flatMap(({ from, value: place }, n): readonly LinkNode[] => {
		const knownTo = steps[n + 1]?.from ?? null
		return place.is === "PLACED" ? place.codes.map((subject) => ({ subject, place, knownFrom: from, knownTo, event })) : []
	})
	const parked = link.parked === null ? null : await parkedNode({ key, ...link.parked }, when, reading)
	return { event, position: formatPosition(recorded), state: steps.at(-1)?.value.is ?? "PLACED", links, problems, parked }
}

builder.queryField("event", (t) =>
	t.field({
		type: EventStatus,
		nullable: true,
		description: "What became of an event that was sent; null where the registry has not seen it",
		args: { source: t.arg.string({ required: true }), id: t.arg.string({ required: true }) },
		resolve: (_, { source, id }, context) => statusOf(eventKey(source as Source, id), readingOf(context)),
	}),
)
