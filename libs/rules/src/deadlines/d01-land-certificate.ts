import { linesOf, type Parcel } from "@yima/lifecycle"
import { endOfDay, localDate, surelyBefore } from "@yima/schemas"
import type { DeadlineRule, Term } from "../deadline.ts"
import type { Scene } from "../scene.ts"

/** The later of land handed over and premium paid in full; land that is allocated (划拨) has no premium. A terminated grant takes all with it. */
const terms = ({ lines }: Parcel, { calendar, ruleSet }: Scene): readonly Term[] => {
	const [terminated] = linesOf(lines, "land.grant-terminated").slice(-1)
	const of = <L extends { readonly time: number }>(all: readonly L[]) => all.filter((line) => terminated === undefined || line.time >= terminated.time)
	const isAllocated = of(linesOf(lines, "land.granted")).at(-1)?.says.grantKind === "allocation"
	const [handed] = of(linesOf(lines, "land.handed-over"))
	const [paid] = of(linesOf(lines, "land.premium-paid")).filter((line) => line.says.paidInFull)
	if (handed === undefined || (paid === undefined && !isAllocated)) return []
	const started = isAllocated || paid === undefined || handed.time >= paid.time ? handed : paid
	const [registered] = of(linesOf(lines, "land.right-registered"))
	if (registered !== undefined && surelyBefore(registered, started)) return []
	// Of a day whose hour is not known, no hour counts: nothing is called late that may not be.
	const from = started.byDay ? endOfDay(localDate(started.time)) : started.time
	const events = [handed, ...(isAllocated || paid === undefined ? [] : [paid]), ...(registered === undefined ? [] : [registered])]
	return [
		{
			on: "",
			startedAt: started.time,
			dueAt: calendar.afterWorkingHours(from, ruleSet.landCertificateHours),
			pausedSince: null,
			metAt: registered?.time ?? null,
			events: events.map((line) => line.key),
		},
	]
}

export const D01: DeadlineRule = {
	id: "D01",
	title: "交地即交证",
	responsible: "不动产登记中心",
	basis: "《民法典》第三百四十九条;8 个工作小时出自交地即交证的地方目标,地方做法,待核实",
	reads: ["land.granted", "land.handed-over", "land.premium-paid", "land.right-registered", "land.grant-terminated"],
	parameters: ["landCertificateHours", "officeHours", "calendar"],
	parcel: terms,
}
