import { type Day, dayOf } from "./day.ts"
import { type Dice, dice } from "./dice.ts"
import { company, type Party, person, residentId } from "./people.ts"
import { PLANTED, type Planted } from "./planted.ts"
import { type Arrival, Post } from "./post.ts"
import { LIFE, type Said, type Stage, WORDS, type Word } from "./site.ts"

/** 博爱县: nothing else of the city lies there. */
const COUNTY = "410822001001"

const pad = (n: number, width: number): string => String(n).padStart(width, "0")

/** The parcel is numbered after the rule: the second case of C06 lies on GB00602, its neighbour is GB00652. */
const numbersOf = (planted: readonly Planted[]): ReadonlyMap<Planted, number> => {
	const counts = new Map<string, number>()
	return new Map(
		planted.map((each) => {
			const count = (counts.get(each.code) ?? 0) + 1
			counts.set(each.code, count)
			return [each, (each.code.startsWith("L") ? 90_000 : 0) + Number(each.code.slice(1)) * 100 + count]
		}),
	)
}

const NUMBERS = numbersOf(PLANTED)

/** A grown-up whose id number ends in X. */
const endingInX = (throws: Dice, today: Day): Party => {
	for (;;) {
		const found = person(throws, today)
		if (found.idNumber.endsWith("X")) return found
	}
}

/** What the placeholders of a case stand for; a neighbour shares them but for its own land. */
const thingsOf = (number: number, lot: number): Readonly<Record<string, unknown>> => {
	const throws = dice(7_000_000 + number)
	const today = dayOf("2022-05-01")
	const parcel = (n: number) => `${COUNTY}GB${pad(n, 5)}`
	const of = (n: number) => ({
		lot: parcel(n),
		b1: `${parcel(n)}F0001`,
		101: `${parcel(n)}F00010001`,
		102: `${parcel(n)}F00010002`,
		103: `${parcel(n)}F00010003`,
	})
	const own = of(lot)
	const [buyer, other, third, x] = [person(throws, today), person(throws, today), person(throws, today), endingInX(throws, today)]
	// Born before 2000, that there be an old number of fifteen digits.
	const old = residentId(`41080019750311${pad(number % 1000, 3)}`)
	const neighbour = of(number + 50)
	return {
		...own,
		201: `${own.lot}F00020001`,
		b2: `${own.lot}F0002`,
		lot2: neighbour.lot,
		lot3: parcel(number + 75),
		b9: neighbour.b1,
		901: neighbour[101],
		902: neighbour[102],
		developer: company("焦作市博安置业有限公司", 20_000 + 3 * number),
		stranger: company("焦作市另有其人置业有限公司", 20_001 + 3 * number),
		misspelt: company("焦作博安置业(有限)公司", 20_000 + 3 * number),
		bank: company("某某银行股份有限公司博爱支行", 20_002 + 3 * number),
		buyer,
		other,
		third,
		namesake: { ...other, name: buyer.name },
		renamed: { ...buyer, name: other.name },
		half: { ...buyer, share: "1/2" },
		otherHalf: { ...other, share: "1/2" },
		twoQuarters: { ...buyer, share: "2/4" },
		aThird: { ...buyer, share: "1/3" },
		dotted: { ...buyer, name: "阿依古丽·买买提" },
		dottedOtherwise: { ...buyer, name: "阿依古丽 ・ 买买提" },
		old: { name: buyer.name, idKind: "resident-id", idNumber: old },
		oldest: { name: buyer.name, idKind: "resident-id", idNumber: old.slice(0, 6) + old.slice(8, 17) },
		withX: x,
		withSmallX: { ...x, idNumber: x.idNumber.toLowerCase() },
		miscounted: { ...buyer, idNumber: buyer.idNumber.slice(0, 17) + (buyer.idNumber.endsWith("0") ? "1" : "0") },
	}
}

/** Placeholders replaced, in values and texts alike. */
const filled = (value: unknown, things: Readonly<Record<string, unknown>>, number: number): unknown => {
	if (typeof value === "string") {
		const whole = /^\$(\w+)$/.exec(value)?.[1]
		if (whole === undefined) return value.replaceAll("#", pad(number, 5))
		if (!Object.hasOwn(things, whole)) throw new Error(`nothing here is called $${whole}`)
		return things[whole]
	}
	if (Array.isArray(value)) return value.map((each) => filled(each, things, number))
	if (typeof value !== "object" || value === null) return value
	return Object.fromEntries(Object.entries(value).flatMap(([key, each]) => (each === undefined ? [] : [[key, filled(each, things, number)]])))
}

const isStage = (name: Stage | Word): name is Stage => Object.hasOwn(LIFE, name)

const wordsOf = (tells: readonly (Stage | Word)[]): readonly Word[] =>
	tells.flatMap((name): readonly Word[] => (isStage(name) ? (Object.keys(LIFE[name]) as Word[]) : [name]))

/** Known by its day alone, or by the minute. */
const dayAt = (on: string): Day => {
	const [date = "", time] = on.split(" ")
	const [hours = 0, minutes = 0] = (time ?? "0:0").split(":").map(Number)
	return dayOf(date) + (hours * 60 + minutes) / 1440
}

/** What a case says, in the order in which it happened, each with its name. */
const saidIn = ({ tells, but = {}, and = {} }: Planted): readonly (readonly [string, Said])[] => {
	const told = wordsOf(tells).flatMap((name): readonly [string, Said][] => {
		const word = WORDS.get(name)
		const change = but[name]
		if (word === undefined || change === null) return []
		return [[name, { ...word, ...change, data: { ...word.data, ...change?.data } }]]
	})
	return [...told, ...Object.entries(and)].sort(([, a], [, b]) => dayAt(a.on) - dayAt(b.on))
}

/** Brings a case to the door, as late and as doubled as anything else comes. */
const tell = (planted: Planted, number: number, seed: number): readonly Arrival[] => {
	const post = new Post(dice(seed * 1_000_003 + 900_000 + number), `${seed}-P${pad(number, 5)}`)
	const ids = new Map<string, string>()
	const idOf = (name: string): string => {
		const id = ids.get(name)
		if (id === undefined) throw new Error(`nothing was said before by the name of ${name}`)
		return id
	}
	const say = (said: Said, lot: number): string => {
		const things = thingsOf(number, lot)
		const data = filled(said.data, things, lot) as Readonly<Record<string, unknown>>
		const retracts = data["event"] as { readonly id?: string } | undefined
		return post.say({
			department: said.department,
			type: said.type,
			day: dayAt(said.on),
			...(said.subject === undefined ? {} : { subject: filled(said.subject, things, lot) as string }),
			...(said.corrects === undefined ? {} : { corrects: idOf(said.corrects) }),
			data: retracts?.id === undefined ? data : { ...data, event: { id: idOf(retracts.id) } },
		})
	}
	for (const [name, said] of saidIn(planted)) ids.set(name, say(said, number))
	if (planted.neighbour !== undefined) for (const [, said] of saidIn({ ...planted, but: {}, and: {}, tells: planted.neighbour })) say(said, number + 50)
	return post.arrivals
}

/** All that is planted, as it reaches the door. */
export const plantsOf = (seed: number): readonly Arrival[] => [...NUMBERS].flatMap(([planted, number]) => tell(planted, number, seed))

/** A finding that a plant has to raise. */
export interface Expected {
	readonly code: string
	readonly scope: string
	readonly severity: "BLOCK" | "HOLD" | "NOTE"
}

/** A plant or a near miss where it stands. */
export interface Grown {
	readonly planted: Planted
	readonly number: number
	/** Its own parcel first, then those beside it that it may touch. */
	readonly parcels: readonly string[]
	readonly expected: readonly Expected[]
}

export const GROWN: readonly Grown[] = [...NUMBERS].map(([planted, number]) => {
	const things = thingsOf(number, number)
	const { code, at, severity, also = [] } = planted
	const scope = (name: string) => filled(name, things, number) as string
	return {
		planted,
		number,
		parcels: [things["lot"], things["lot2"], things["lot3"]].map(String),
		expected: [
			...(severity === undefined ? [] : [{ code, scope: scope(at), severity }]),
			...also.map((each) => ({ code: each.code, scope: scope(each.at), severity: each.severity })),
		],
	}
})
