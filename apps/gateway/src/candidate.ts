import { candidatesOf } from "@yima/lifecycle"
import { idKey, meaning } from "@yima/linking"
import { type AnyEvent, type EventKey, type Mention, relatedToAny, type Scope, scopeOf } from "@yima/schemas"
import { builder } from "./builder.ts"
import { scopeOfAny } from "./codes.ts"
import { IDENTIFIER_TITLES } from "./identifier-titles.ts"
import type { EventNode, ParkedNode } from "./nodes.ts"
import { ReasonType } from "./reason.ts"
import { placedKind, ScopeEnum } from "./scope-kind.ts"

/** What speaks for a candidate, side by side: each holds, and supports nothing but the candidate. */
interface Ground {
	readonly statement: string
	readonly evidence: readonly EventNode[]
}

export interface CandidateNode {
	readonly code: Scope
	readonly because: readonly Ground[]
}

export const CandidateType = builder.objectRef<CandidateNode>("Candidate").implement({
	description: "What a parked event may belong to",
	fields: (t) => ({
		scope: t.field({ type: ScopeEnum, resolve: ({ code }) => placedKind(code) }),
		code: t.exposeString("code"),
		because: t.field({ type: [ReasonType], resolve: ({ because }) => because.map((each, id) => ({ ...each, id, parent: null, holds: true })) }),
	}),
})

/** A number that an event uses, and what it leads to as the event uses it. */
export interface Lead {
	readonly mention: Mention
	readonly codes: readonly Scope[]
	readonly by: readonly EventKey[]
	readonly isDisputed: boolean
}

/** Where the numbers lead that an event does not define itself. */
export const leadsOf = ({ mentions, time }: AnyEvent, { reading, when }: EventNode): Promise<readonly Lead[]> =>
	Promise.all(
		mentions
			.filter((each) => !each.defines)
			.map(async (mention): Promise<Lead> => {
				// Links know no asOf: an event finds what its numbers mean whenever that happened.
				const all = await reading.definitions(idKey(mention), { asOf: Number.MAX_SAFE_INTEGER as typeof when.asOf, knownAt: when.knownAt })
				const found = meaning(mention, all, time)
				return { mention, codes: (found?.codes ?? []).map(scopeOf), by: all.map((each) => each.by), isDisputed: found?.is === "DISPUTED" }
			}),
	)

const because = (code: Scope, event: AnyEvent, leads: readonly Lead[], of: EventNode): readonly Ground[] => {
	const isRelated = relatedToAny([scopeOfAny(code)])
	const shown = (key: EventKey): EventNode => ({ key, when: of.when, reading: of.reading, seen: null })
	const subject = event.subject === null || !isRelated(scopeOf(event.subject)) ? [] : [{ statement: `来文写明 ${event.subject}`, evidence: [] }]
	const byNumbers = leads.flatMap(({ mention, codes, by, isDisputed }) => {
		const led = codes.filter(isRelated)
		if (led.length === 0) return []
		const where = led[0] === code ? "指向这里" : `指向 ${led[0]}`
		const statement = `${IDENTIFIER_TITLES[mention.kind]}「${mention.value}」${where}${isDisputed ? "(各处说法不一)" : ""}`
		return [{ statement, evidence: [...new Set(by)].map(shown) }]
	})
	const reasons = [...subject, ...byNumbers]
	return reasons.length > 0 ? reasons : [{ statement: "来文所列的代码与此相关", evidence: [] }]
}

/** What a parked event may belong to, with what speaks for it. */
export const candidatesFor = async ({ place, event }: ParkedNode): Promise<readonly CandidateNode[]> => {
	const { reading, when, key } = event
	const [body, states] = await Promise.all([reading.event(key), reading.states(place.candidates.map(scopeOfAny))])
	if (body === null) return []
	const leads = await leadsOf(body, event)
	return candidatesOf(place, states, when.knownAt).map((code) => ({ code, because: because(code, body, leads, event) }))
}
