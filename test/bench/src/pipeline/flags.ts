import { parseArgs } from "node:util"

export const FAMILIES = ["link", "intake", "import", "query", "judging", "latency", "memory", "webhook", "sse"] as const
export type Family = (typeof FAMILIES)[number]

const HELP = `node test/bench/src/pipeline.ts [flags]

  --only FAMILY     one of ${FAMILIES.join(", ")}; may be repeated (default: all)
  --events N        events to link (20000); repeated, as 100000 and 1000000: how cost grows with them, and nothing else
  --rounds N        rounds of everything that is repeated (3)
  --persons N       events with two natural persons each, for the intake (9000)
  --rows N          rows of a sheet, for the import (100000)
  --flats N         flats in buildings of 300, to be asked for (900)
  --seconds N       length of a round of queries (3); one of latency takes three times as long
  --deliveries N    events to be delivered to an endpoint (60000)
  --listeners N     who listen at once (5000)
  --comings N       who come and go meanwhile (0)
  --minutes N       keep the linker loaded for so long and watch its memory (0: only before and after)
  --rate N          events/s meanwhile (500)
  --profile         profile the linker instead: a .cpuprofile, and the fifteen functions in which most time passes`

const whole = (name: string, text: string, least: number): number => {
	const value = Number(text)
	if (!Number.isInteger(value) || value < least) throw new Error(`--${name} is a whole number from ${least}, not ${text}`)
	return value
}

export const flagsOf = (args: readonly string[]) => {
	const { values } = parseArgs({
		args: [...args],
		options: {
			only: { type: "string", multiple: true, default: [...FAMILIES] },
			events: { type: "string", multiple: true, default: ["20000"] },
			rounds: { type: "string", default: "3" },
			persons: { type: "string", default: "9000" },
			rows: { type: "string", default: "100000" },
			flats: { type: "string", default: "900" },
			seconds: { type: "string", default: "3" },
			minutes: { type: "string", default: "0" },
			rate: { type: "string", default: "500" },
			deliveries: { type: "string", default: "60000" },
			listeners: { type: "string", default: "5000" },
			comings: { type: "string", default: "0" },
			profile: { type: "boolean", default: false },
			help: { type: "boolean", default: false },
		},
	})
	const unknown = values.only.find((each) => !FAMILIES.some((family) => family === each))
	if (values.help || unknown !== undefined) {
		console.log(HELP)
		process.exit(values.help ? 0 : 2)
	}
	return {
		families: FAMILIES.filter((each) => values.only.includes(each)),
		sizes: values.events.flatMap((each) => each.split(/[|,]/)).map((each) => whole("events", each, 1)),
		rounds: whole("rounds", values.rounds, 1),
		persons: whole("persons", values.persons, 3),
		rows: whole("rows", values.rows, 1000),
		flats: whole("flats", values.flats, 1),
		seconds: whole("seconds", values.seconds, 1),
		minutes: whole("minutes", values.minutes, 0),
		rate: whole("rate", values.rate, 1),
		deliveries: whole("deliveries", values.deliveries, 100),
		listeners: whole("listeners", values.listeners, 1),
		comings: whole("comings", values.comings, 0),
		isProfile: values.profile,
	}
}

export type Flags = ReturnType<typeof flagsOf>
