import { isInEffect, type Seizure } from "@yima/lifecycle"
import type { Cure } from "./proof.ts"

const lift = ({ seizureNo }: Seizure): Cure => ({ type: "judicial.seizure-lifted", title: `解除查封 ${seizureNo}`, responsible: "人民法院" })

/** What frees from a seizure in effect. One that waits blocks nothing, and takes effect when the last of these is lifted: then it is its turn. */
export const liftsOf = (each: Seizure, all: readonly Seizure[]): readonly Cure[] => {
	const waiting = each === all.findLast(isInEffect) ? all.filter(({ state }) => state === "WAITING") : []
	return [each, ...waiting].map(lift)
}
