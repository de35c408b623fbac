/**
 * The whole pipeline, each figure as a ratio to a reference that was measured beside it: `node test/bench/src/pipeline.ts`, and `--help`
 * for its flags. Each file of `pipeline/` says what it measures against what.
 */
import { cpus, loadavg } from "node:os"
import { asking } from "./pipeline/asking.ts"
import { type Family, type Flags, flagsOf } from "./pipeline/flags.ts"
import { importing } from "./pipeline/importing.ts"
import { judging } from "./pipeline/judging.ts"
import { latency } from "./pipeline/latency.ts"
import { linking } from "./pipeline/linking.ts"
import { memory } from "./pipeline/memory.ts"
import { type Place, startPlace } from "./pipeline/place.ts"
import { profileLinker } from "./pipeline/profile.ts"
import { pushing } from "./pipeline/pushing.ts"
import { HEAD, line, type Row, type Skipped } from "./pipeline/row.ts"
import { scaling } from "./pipeline/scaling.ts"
import { sealing } from "./pipeline/sealing.ts"
import { streaming } from "./pipeline/streaming.ts"

const MEASURES: Readonly<Record<Family, (place: Place, flags: Flags) => Promise<readonly (Row | Skipped)[]>>> = {
	link: linking,
	intake: sealing,
	import: importing,
	query: asking,
	judging,
	latency,
	memory,
	webhook: pushing,
	sse: streaming,
}

const flags = flagsOf(process.argv.slice(2))
const began = performance.now()
const [load = 0] = loadavg()
const place = await startPlace()
try {
	const about = `${cpus()[0]?.model.trim() ?? "?"} × ${cpus().length}, load ${load.toFixed(1)} before; Node ${process.version}; PostgreSQL ${place.version}; ${flags.rounds} rounds`
	if (flags.isProfile) console.log(`${about}\n\n${await profileLinker(place, flags)}`)
	else {
		const measures = flags.sizes.length > 1 ? [scaling] : flags.families.map((family) => MEASURES[family])
		const rows: (Row | Skipped)[] = []
		for (const measure of measures) {
			rows.push(...(await measure(place, flags)))
			console.error(`${Math.round((performance.now() - began) / 1000)} s: ${measure.name} is done`)
		}
		console.log(`${about}; ${Math.round((performance.now() - began) / 1000)} s\n\n${HEAD}\n${rows.map(line).join("\n")}`)
	}
} finally {
	await place.stop()
}
