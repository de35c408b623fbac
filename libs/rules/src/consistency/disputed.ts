import { absolute, type Doubt, type View } from "@yima/lifecycle"
import { type Identifier, ownDefinitions } from "@yima/schemas"

/** The disputed identifiers that an event gives to this very scope: a survey's house codes are each its own unit's. */
export const disputedOf = (view: View, { fact }: Doubt): readonly Identifier[] => {
	const { disputed = [], says } = fact
	if (disputed.length === 0 || says === undefined) return []
	const own = ownDefinitions(fact.type, says, (code) => absolute(view.code, code) === view.code)
	return disputed.filter((each) => own.some(({ kind, value }) => kind === each.kind && value === each.value))
}
