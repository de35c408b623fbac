import { type Around, forceOf, versionOf } from "@yima/linking"
import type { AnyEvent, EventKey, Force, Known } from "@yima/schemas"
import type { Reading } from "./reading.ts"

const PLAIN: Force = { inForce: true, correctedBy: null, retractedBy: null, rivals: [] }

interface Acts {
	readonly corrections: readonly EventKey[]
	readonly retractions: readonly EventKey[]
	readonly decisions: readonly EventKey[]
}

/**
 * An event and all that decides whether it counts, as known at one moment: its corrections and retractions, theirs, and what it corrects
 * are read, one round of statements for each generation; most events have none.
 */
const familyOf = async (key: EventKey, knownAt: Known, reading: Reading): Promise<Around> => {
	const events = new Map<EventKey, AnyEvent>()
	const acts = new Map<EventKey, Acts>()
	let open: readonly EventKey[] = [key]
	while (open.length > 0) {
		const next = new Set<EventKey>()
		await Promise.all(
			open.map(async (each) => {
				const [event, recorded, mentions] = await Promise.all([reading.event(each), reading.recorded(each), reading.acts(each)])
				const of = (role: string) => mentions.flatMap((mention) => (mention.role === role ? [mention.key] : []))
				acts.set(each, { corrections: of("corrects"), retractions: of("retracts"), decisions: of("decides") })
				for (const act of [...of("corrects"), ...of("retracts")]) next.add(act)
				if (event === null || recorded === null || recorded.known > knownAt) return
				events.set(each, event)
				if (event.corrects !== null) next.add(event.corrects)
			}),
		)
		open = [...next].filter((each) => !acts.has(each))
	}
	const some = (which: keyof Acts) => (of: EventKey) => (acts.get(of)?.[which] ?? []).flatMap((each) => events.get(each) ?? [])
	return { event: (each) => events.get(each), corrections: some("corrections"), retractions: some("retractions"), decisions: some("decisions") }
}

/** Whether an event counts, asked for outside of any view. */
export const forceAlone = async (key: EventKey, knownAt: Known, reading: Reading): Promise<Force> => {
	const around = await familyOf(key, knownAt, reading)
	const event = around.event(key)
	return event === undefined ? PLAIN : forceOf(event, around)
}

/** The version of an event that counts; null: it is retracted. */
export const versionAlone = async (key: EventKey, knownAt: Known, reading: Reading): Promise<EventKey | null> => {
	const around = await familyOf(key, knownAt, reading)
	const event = around.event(key)
	return event === undefined ? null : (versionOf(event, around)?.key ?? null)
}
