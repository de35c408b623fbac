import { asked, unitsOf } from "./asking.ts"
import type { Flags } from "./flags.ts"
import { embeddedLog, linkRound } from "./linking.ts"
import type { Place } from "./place.ts"
import type { Row } from "./row.ts"

/** Units that are asked for, from everywhere. */
const ASKED = 10_000

/**
 * How cost grows with what the registry holds already: what an event costs to link, and a unit to be asked for, in a city of each size ÷ the same in the
 * smallest. One round of each; `COPY` is beside it, for its indexes grow too.
 */
export const scaling = async (place: Place, { sizes, seconds }: Flags): Promise<readonly Row[]> => {
	const measured = []
	for (const size of sizes.toSorted((a, b) => a - b))
		measured.push(
			await place.on(async (stand) => {
				const log = await embeddedLog(stand)
				const { linked, copied } = await linkRound(place, stand, log, size)
				await log.close()
				await stand.owner.query("vacuum analyze")
				const codes = await unitsOf(stand)
				const step = Math.max(1, Math.floor(codes.length / ASKED))
				const queries = await asked(
					stand,
					codes.filter((_, at) => at % step === 0),
					seconds,
					(rate) => rate(3 * seconds),
				)
				return { size, event: 1e6 / linked, copy: 1e6 / copied, query: 1e6 / queries }
			}),
		)
	const [least, ...larger] = measured
	if (least === undefined) return []
	return larger.flatMap(({ size, event, copy, query }): Row[] => {
		const row = (what: string, ours: number, reference: number, aim = ""): Row => ({
			what: `${what} at ${size} events`,
			by: `at ${least.size}`,
			unit: "µs",
			rounds: [{ ours, reference }],
			aim,
		})
		return [row("an event linked", event, least.event, "1"), row("a `unit` query", query, least.query, "1"), row("an event of plain `COPY`", copy, least.copy)]
	})
}
