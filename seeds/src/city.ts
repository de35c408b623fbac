import { type Day, dayOf } from "./day.ts"
import { dice } from "./dice.ts"
import { tellLand } from "./land.ts"
import { tellPhase } from "./phase.ts"
import { FLATS_OF_A_PARCEL, planOf } from "./plan.ts"
import { plantsOf } from "./plant.ts"
import { type Arrival, Post, type Report } from "./post.ts"

/** A city by its numbers: the same numbers, the same reports. */
export interface City {
	readonly seed: number
	readonly units: number
	/** What would come after this day has not come yet: `YYYY-MM-DD`. */
	readonly until: string
	/** With the contradictions of `planted.ts`, on parcels of their own. */
	readonly planted: boolean
}

/** Three developments: one that is finished, one of two phases of which one is, and one eight weeks before its keys are handed out. */
export const DEMO_CITY: City = { seed: 1, units: 2448, until: "2026-11-20", planted: true }

/** Parcels whose reports come mixed with each other; more of them do not fit into memory in a city of any size. */
const TOGETHER = 3

/** When the land of the first three was granted; of the others dice decide. */
const GRANTED = ["2020-09-01", "2022-03-01", "2024-05-20"].map(dayOf)
const [EARLIEST, LATEST] = [dayOf("2018-06-01"), dayOf("2025-12-31")]

const arrivalsOf = (seed: number, number: number, units: number): readonly Arrival[] => {
	const throws = dice(seed * 1_000_003 + number)
	const granted: Day = GRANTED[number] ?? throws.between(EARLIEST, LATEST)
	const plan = planOf(number, units, granted, number % 3 === 1, throws)
	const post = new Post(throws, `${seed}-${String(number).padStart(4, "0")}`)
	tellLand(plan, post, throws)
	for (const phase of plan.phases) tellPhase(plan, phase, post, throws)
	return post.arrivals
}

/** What the city's departments send, in the order in which it reaches the door. */
export function* city({ seed, units, until, planted }: City): Generator<Report, void, undefined> {
	const last = dayOf(until) + 1
	const parcels = Math.ceil(units / FLATS_OF_A_PARCEL)
	for (let first = 0; first < parcels; first += TOGETHER) {
		const numbers = Array.from({ length: Math.min(TOGETHER, parcels - first) }, (_, at) => first + at)
		const all = numbers.flatMap((number) => arrivalsOf(seed, number, Math.min(FLATS_OF_A_PARCEL, units - number * FLATS_OF_A_PARCEL)))
		if (planted && first === 0) all.push(...plantsOf(seed))
		// On the last day all is sent that was due and had been forgotten.
		const came = all.flatMap((each) => (each.due < last ? [{ ...each, day: Math.min(each.day, last) }] : []))
		came.sort((a, b) => a.day - b.day || a.order - b.order)
		for (const { report } of came) yield report
	}
}
