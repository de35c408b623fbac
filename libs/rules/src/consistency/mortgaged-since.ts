import { type Mortgage, share, takesIn, type Unit, type Who } from "@yima/lifecycle"
import { lineBy } from "../own.ts"
import type { Scene } from "../scene.ts"
import { exactly, type When, whenOf } from "../when.ts"

/** Since when a mortgage covers the unit: its registration, or the amendment that took the unit in. */
export const mortgagedSince = (view: Unit, mortgage: Mortgage): When => {
	const registered = lineBy(view, mortgage.event)
	const taken =
		registered?.from === mortgage.scope && takesIn(registered)
			? registered
			: view.lines.find((line) => mortgage.events.includes(line.key) && line.fact.at !== undefined)
	const line = taken ?? registered
	return line === undefined ? exactly(view.lines[0]?.time ?? (0 as never)) : whenOf(line)
}

/** A purchase loan's: the mortgagor is a buyer (抵押人即买受人). */
export const isOfBuyer = (mortgage: Mortgage, buyers: readonly Who[], { same }: Scene): boolean => share(same, [mortgage.mortgagor], buyers)
