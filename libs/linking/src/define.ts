import { type AnyEvent, buildingOfCode, type Code, issuerOf, type Mention, normalProject, parcelOfCode, scopeOf, withinAny } from "@yima/schemas"
import { authority } from "./authority.ts"
import { extentCodes } from "./extent.ts"
import { codeSet, type Definition, type Resolve } from "./meaning.ts"
import type { Placing } from "./place.ts"

const building = (code: Code): Code | null => buildingOfCode(scopeOf(code))

/** To the building, else the parcel: permits, acceptances and surveys lead to these. */
const lifted = (codes: readonly Code[]): readonly Code[] => codeSet(codes.flatMap((code) => building(code) ?? parcelOfCode(scopeOf(code)) ?? []))

/** What one mention leads to, given what the event speaks of; empty: it defines nothing here. */
const codesOf = (mention: Mention, spoken: readonly Code[], place: readonly Code[], isSpokenOf: (code: Code) => boolean): readonly Code[] => {
	if (mention.kind === "project-code") return [`project:${normalProject(mention.value)}`]
	if (mention.entry !== null) return isSpokenOf(mention.entry) ? [mention.entry] : []
	if (mention.kind === "building-label") {
		const buildings = codeSet(place.flatMap((code) => building(code) ?? []))
		return buildings.length === 1 ? buildings : []
	}
	return authority[mention.kind].lifted ? lifted(spoken) : codeSet(spoken)
}

/** The predicted codes that each measured unit replaces. */
const replacedBy = (event: AnyEvent): ReadonlyMap<Code, readonly Code[]> => {
	const found = new Map<Code, Code[]>()
	if (event.type !== "survey.measured") return found
	for (const { code, predicted = [] } of event.data.units) {
		const list = found.get(code) ?? []
		for (const each of predicted) if (each !== code) list.push(each)
		found.set(code, list)
	}
	return found
}

/** What an event gives meaning to, from where it stands. `resolve` needs to know lower ranks only. */
export const definitionsOf = (event: AnyEvent, { place, defines }: Placing, resolve: Resolve): readonly Definition[] => {
	if (!defines || place.is !== "PLACED" || !event.mentions.some((each) => each.defines)) return []
	const spoken = extentCodes(event, place, resolve)
	const isSpokenOf = withinAny([...spoken, ...place.codes])
	const replaced = replacedBy(event)
	return event.mentions.flatMap((mention) => {
		if (!mention.defines) return []
		const codes = codesOf(mention, spoken, place.codes, isSpokenOf)
		if (codes.length === 0) return []
		const { kind, value } = mention
		return [
			{
				id: { kind, value, issuer: issuerOf(mention, event.source) },
				by: event.key,
				codes,
				project: event.type === "planning.works-permitted" ? (event.data.projectCode ?? null) : null,
				insteadOf: codeSet((mention.entry === null ? undefined : replaced.get(mention.entry)) ?? []),
				time: event.time,
			},
		]
	})
}
