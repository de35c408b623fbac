import { type EventKey, isProject, type Known, type Moment, type Scope } from "@yima/schemas"
import { distrusted } from "./distrusted.ts"
import type {
	ConcernRow,
	Crossing,
	Derived,
	Link,
	Loaded,
	MailRow,
	MemberRow,
	Mention,
	Opening,
	Place,
	Position,
	Recorded,
	Registry,
	Rejection,
	RequestRow,
	Ruling,
	StateRow,
	Unseen,
	Wanted,
	Writes,
} from "./registry.ts"
import { watermarkOf } from "./watermark.ts"

interface Stamped {
	readonly turn: number
}

/** The registry in memory: every call is one step, as a transaction is. For simulation; passes the contract suite of the real one. */
export class MemoryRegistry implements Registry {
	readonly partitions: number
	readonly positions = new Map<number, Position>()
	readonly events = new Map<EventKey, (Recorded & Stamped)[]>()
	readonly mentions = new Map<string, Map<string, Mention & Stamped>>()
	readonly links = new Map<EventKey, Link>()
	readonly concerns = new Map<string, ConcernRow>()
	readonly states = new Map<Scope, StateRow>()
	readonly rulings = new Map<Scope, Ruling>()
	readonly rejected = new Map<string, Rejection>()
	readonly derived: Derived[] = []
	readonly requests = new Map<string, RequestRow>()
	mail: readonly MailRow[] = []
	#number = 0n

	constructor(partitions: number) {
		this.partitions = partitions
	}

	open = async (partition: number, now: Moment, limit: number, isHurried = false): Promise<Opening> => {
		const due = this.mail.filter((each) => each.partition === partition && each.due <= now).sort((a, b) => a.due - b.due || Number(a.number - b.number))
		const urgent = due.filter((each) => each.from !== null).slice(0, limit)
		return {
			position: this.positions.get(partition) ?? null,
			turns: Array.from({ length: this.partitions }, (_, each) => this.positions.get(each)?.turn ?? 0),
			mail: urgent.length > 0 || isHurried ? urgent : due.slice(0, limit * 10),
		}
	}

	load = async ({ entries = [], acts = [], definitions = [], users = [], links = [], concerns = [], states = [], requests = [] }: Wanted): Promise<Loaded> => {
		const named = (id: string): Mention[] => [...(this.mentions.get(id)?.values() ?? [])]
		return {
			entries: entries.flatMap((key) => this.events.get(key) ?? []),
			acts: acts.flatMap((key) => named(`event ${key}`).filter((each) => each.stands)),
			definitions: definitions.flatMap((id) => named(id).filter((each) => each.definitions !== null)),
			users: users.flatMap((id) => named(id).filter((each) => each.role === "names" && each.stands)),
			links: links.flatMap((key) => this.links.get(key) ?? []),
			concerns: concerns.flatMap((scope) => [...this.concerns.values()].filter((each) => each.scope === scope)),
			states: states.flatMap((scope) => this.states.get(scope) ?? []),
			findings: states.flatMap((scope) => this.rulings.get(scope)?.findings ?? []),
			deadlines: states.flatMap((scope) => this.rulings.get(scope)?.deadlines ?? []),
			requests: [...this.requests.values()].filter(({ unit }) => requests.includes(unit)),
		}
	}

	unseen = async (partition: number, { seen, used, changed, families }: Crossing): Promise<Unseen> => {
		const isUnseen = (each: Stamped & { readonly partition: number }) => each.partition !== partition && each.turn > (seen[each.partition] ?? 0)
		const some = (id: string, which: (each: Mention) => boolean) => [...(this.mentions.get(id)?.values() ?? [])].some((each) => isUnseen(each) && which(each))
		return {
			ids: [
				...new Set([
					...used.filter((id) => some(id, (each) => each.definitions !== null)),
					...changed.filter((id) => some(id, (each) => each.role === "names")),
				]),
			].sort(),
			families: families.filter((key) => some(`event ${key}`, () => true) || (this.events.get(key) ?? []).some(isUnseen)).sort(),
		}
	}

	below = async (scope: Scope, after: Scope | null, limit: number): Promise<readonly Scope[]> =>
		[...this.states]
			.filter(([each, { judged }]) =>
				scope === "registry" ? true : isProject(scope) ? judged?.project === scope : each.startsWith(scope) && each !== scope && !isProject(each),
			)
			.map(([each]) => each)
			.filter((each) => each > (after ?? ""))
			.sort()
			.slice(0, limit)

	members = async (project: Scope): Promise<readonly MemberRow[]> =>
		[...this.states.values()].flatMap(({ scope, judged }) => (judged?.project === project ? [{ scope, judged }] : []))

	countUnits = async (scope: Scope): Promise<number> =>
		(await this.below(scope, null, Number.MAX_SAFE_INTEGER)).filter((each) => each.length === 28 && !isProject(each)).length

	reached = async (causes: readonly Place[]): Promise<readonly boolean[]> =>
		causes.map(({ partition, offset }) => {
			const isOf = (each: Place) => each.partition === partition && each.offset <= offset
			return (
				(this.positions.get(partition)?.next ?? 0n) > offset &&
				![...this.positions.values()].some((each) => each.unchecked !== null && each.causes.some(isOf)) &&
				!this.mail.some((each) => each.from !== null && each.due === 0 && isOf(each.cause))
			)
		})

	watermark = async (): Promise<Known> =>
		watermarkOf(
			[...this.positions.values()],
			this.mail.map((each) => each.from),
			this.partitions,
		)

	distrust = async (partition: number, incarnation: string): Promise<void> => {
		const position = this.positions.get(partition)
		if (position?.incarnation === incarnation) this.positions.set(partition, { ...position, turn: position.turn + 1, incarnation: distrusted(incarnation) })
	}

	waiting = async (now: Moment): Promise<readonly number[]> =>
		[...this.positions].flatMap(([partition, { unchecked }]) =>
			unchecked !== null || this.mail.some((each) => each.partition === partition && each.due <= now) ? [partition] : [],
		)

	commit = async (partition: number, turn: number, writes: Writes): Promise<"done" | "fenced" | "stale"> => {
		const before = this.positions.get(partition)
		if ((before?.turn ?? 0) !== turn) return "fenced"
		if (writes.links.some(({ key, version }) => (this.links.get(key)?.version ?? 0) !== version)) return "stale"
		const stamp = { partition, turn: turn + 1 }
		this.positions.set(partition, {
			turn: turn + 1,
			next: writes.next,
			known: writes.known,
			incarnation: writes.incarnation,
			said: (before?.said ?? 0n) + BigInt(writes.derived.length),
			unchecked: writes.unchecked?.crossing ?? null,
			held: writes.unchecked?.held ?? null,
			causes: writes.unchecked?.causes ?? [],
		})
		for (const link of writes.links) this.links.set(link.key, { ...link, version: link.version + 1 })
		for (const event of writes.events) {
			const bodies = this.events.get(event.key) ?? []
			if (!bodies.some((each) => each.partition === event.partition)) this.events.set(event.key, [...bodies, { ...event, ...stamp }])
		}
		for (const mention of writes.mentions) {
			const all = this.mentions.get(mention.id) ?? new Map<string, Mention & Stamped>()
			all.set(`${mention.role} ${mention.key}`, { ...mention, ...stamp })
			this.mentions.set(mention.id, all)
		}
		for (const concern of writes.concerns) {
			this.concerns.set(`${concern.scope} ${concern.key}`, concern)
			if (!this.states.has(concern.scope)) this.states.set(concern.scope, { scope: concern.scope, stage: null, due: null, judged: null })
		}
		for (const state of writes.states) this.states.set(state.scope, state)
		for (const ruling of writes.rulings) this.rulings.set(ruling.scope, ruling)
		const done = new Set(writes.done)
		this.mail = [
			...this.mail.filter((each) => !done.has(each.number)),
			...writes.mail.map((each) => {
				this.#number += 1n
				return { ...each, number: this.#number }
			}),
		]
		for (const each of writes.rejected) if (!this.rejected.has(`${each.partition}-${each.offset}`)) this.rejected.set(`${each.partition}-${each.offset}`, each)
		this.derived.push(...writes.derived)
		for (const request of writes.requests) this.requests.set(`${request.unit} ${request.service}`, request)
		return "done"
	}
}
