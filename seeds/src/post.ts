import { at, type Day } from "./day.ts"
import type { Dice } from "./dice.ts"

/** What a department sends: a CloudEvent (`schemas`), as JSON. */
export interface Report {
	readonly specversion: "1.0"
	readonly id: string
	readonly source: string
	readonly type: string
	readonly subject?: string
	readonly time: string
	readonly corrects?: string
	readonly data: Readonly<Record<string, unknown>>
}

/** A department (or company) with the days after which its reports come, at least and at most. */
const DEPARTMENTS = {
	resources: [0, 3],
	registry: [0, 1],
	development: [1, 10],
	housing: [0, 2],
	survey: [2, 15],
	tax: [1, 9],
	fund: [1, 20],
	bank: [1, 7],
	court: [0, 2],
	registrar: [0, 1],
	water: [0, 5],
	power: [0, 1],
	gas: [1, 12],
	heat: [3, 25],
} as const satisfies Readonly<Record<string, readonly [number, number]>>

export type Department = keyof typeof DEPARTMENTS

export interface Telling {
	readonly department: Department
	/** Family and what happened: `sales.contract-filed`. */
	readonly type: string
	/** When it happened; a whole day is known by its day alone. */
	readonly day: Day
	readonly subject?: string
	readonly data: Readonly<Record<string, unknown>>
	/** The id of what it corrects. */
	readonly corrects?: string
	/** What was said first, wrongly, where it is corrected some days later. */
	readonly misprint?: Readonly<Record<string, unknown>>
}

export interface Arrival {
	readonly day: Day
	/** When it would have come if it were not late. */
	readonly due: Day
	readonly order: number
	readonly report: Report
}

/** Of a thousand reports: how many come much too late, and how many come twice. */
const LATE = 25
const DOUBLED = 15

/**
 * Brings what departments say to the door, as it happens in life: each with its own delay, so that an effect comes before its cause; some
 * much too late, some twice, some first wrong and then corrected. Ids are the sender's own, and the same in every run.
 */
export class Post {
	readonly arrivals: Arrival[] = []
	readonly #dice: Dice
	readonly #series: string
	readonly #counts = new Map<Department, number>()

	constructor(dice: Dice, series: string) {
		this.#dice = dice
		this.#series = series
	}

	/** Answers the id under which it was said. */
	say({ department, type, day, subject, data, corrects, misprint }: Telling): string {
		const envelope = {
			source: `urn:jz:${department}`,
			type: `yima.${type}.v1`,
			...(subject === undefined ? {} : { subject }),
			time: at(day),
			...(corrects === undefined ? {} : { corrects }),
		}
		const id = this.#id(department)
		if (misprint === undefined) {
			this.#bring(department, day, { specversion: "1.0", id, ...envelope, data })
			return id
		}
		this.#bring(department, day, { specversion: "1.0", id, ...envelope, data: { ...data, ...misprint } })
		const corrected = this.#id(department)
		this.#bring(department, day + this.#dice.between(2, 30), { specversion: "1.0", id: corrected, ...envelope, corrects: id, data })
		return corrected
	}

	#id(department: Department): string {
		const count = (this.#counts.get(department) ?? 0) + 1
		this.#counts.set(department, count)
		return `${this.#series}-${department[0]?.toUpperCase()}${String(count).padStart(6, "0")}`
	}

	#bring(department: Department, day: Day, report: Report): void {
		const dice = this.#dice
		const [least, most] = DEPARTMENTS[department]
		const late = dice.chance(LATE) ? dice.between(20, 200) : 0
		// Whole hours: reports of one batch have the same hour, and keep their order.
		const due = Math.max(Math.ceil(day * 24), Math.floor(day) * 24 + 18) / 24 + dice.between(least * 24, most * 24) / 24
		this.arrivals.push({ day: due + late, due, order: this.arrivals.length, report })
		if (dice.chance(DOUBLED)) this.arrivals.push({ day: due + late + dice.between(0, 400) / 24, due, order: this.arrivals.length, report })
	}
}
