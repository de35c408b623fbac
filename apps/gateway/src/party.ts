import type { PersonalKind } from "@yima/schemas"
import { maskedValue, sealedUnder } from "./masked.ts"
import { type PartyNode, PartyRef } from "./nodes.ts"

/** A person's name or number as everyone may see it: from the body of an event that states it; without one that can be opened, hidden. */
const shown = async ({ who, events, reading }: PartyNode, kind: PersonalKind): Promise<string | null> => {
	const blind = kind === "name" ? who.name : who.id
	for (const event of await Promise.all(events.map((key) => reading.event(key)))) {
		const sealed = sealedUnder(blind, event?.data)
		if (sealed !== null) return maskedValue(kind, sealed, reading)
	}
	return null
}

const isPerson = ({ who }: PartyNode): boolean => who.kind !== undefined

PartyRef.implement({
	description: "当事人. An organisation in clear; a natural person masked, until viewers have roles and purposes",
	fields: (t) => ({
		name: t.string({ resolve: async (party) => (isPerson(party) ? ((await shown(party, "name")) ?? "*") : party.who.name) }),
		idNumber: t.string({
			nullable: true,
			resolve: async (party) => {
				if (!isPerson(party)) return party.who.id
				const number = await shown(party, "idNumber")
				return number === "*" ? null : number
			},
		}),
		share: t.string({ nullable: true, resolve: ({ who }) => who.share ?? null }),
		masked: t.boolean({ resolve: isPerson }),
	}),
})
