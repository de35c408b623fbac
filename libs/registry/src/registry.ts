import type { EventKey, Known, Moment, ParkReason, Scope } from "@yima/schemas"

/** A record's place in the log. */
export interface Place {
	readonly partition: number
	readonly offset: bigint
}

/** An event as history holds it. */
export interface Recorded extends Place {
	readonly key: EventKey
	readonly known: Known
	readonly type: string
	readonly time: Moment
	/** The log's own text. */
	readonly body: string
}

/** How an event names an identifier or another event. */
export type Role = "names" | "corrects" | "retracts" | "decides"

/** Event `key` names `id`. `definitions`: the meaning that it gives it, as JSON steps; null: never any. */
export interface Mention {
	readonly id: string
	readonly key: EventKey
	readonly role: Role
	readonly partition: number
	/** False: only a body that no longer stands named it. */
	readonly stands: boolean
	readonly definitions: string | null
}

/** Where an event belongs. `version` counts its replacements: whoever replaces it names the one that they saw, 0 for none. */
export interface Link {
	readonly key: EventKey
	readonly version: number
	/** JSON steps of places. */
	readonly places: string
	readonly scopes: readonly Scope[]
	readonly parked: { readonly reason: ParkReason; readonly since: Known } | null
}

/** One event as one scope sees it: JSON steps. `parcel`: the key of what the scope lies on. */
export interface ConcernRow {
	readonly parcel: string
	readonly scope: Scope
	readonly key: EventKey
	readonly steps: string
}

/** Work that one partition leaves for the owner of another, or for its own later turn. `from`: null where no answer can differ. */
export interface Mail {
	readonly partition: number
	readonly due: Moment
	readonly from: Known | null
	readonly cause: Place
	readonly task: string
}
export interface MailRow extends Mail {
	readonly number: bigint
}

/** A record that does not enter history. */
export interface Rejection extends Place {
	readonly known: Known
	readonly key: EventKey | null
	readonly kind: "unreadable" | "conflict"
	/** JSON list of problems. */
	readonly problems: string
	readonly original: string
}

/** A scope as it was said last, with the moment at which time alone changes it next, for which a letter waits. `stage`: a unit's. */
export interface StateRow {
	readonly scope: Scope
	readonly stage: string | null
	readonly due: Moment | null
	/** Null: nobody has judged it yet. */
	readonly judged: Judged | null
}

/**
 * What a scope's own facts decide (判定), as lists and roll-ups read it; a unit's readiness is put together of its own row and those of its
 * building, parcel and project.
 */
export interface Judged {
	/** The project that a unit or building belongs to. */
	readonly project: Scope | null
	readonly sold: boolean
	/** A unit's, as it was said last. */
	readonly ready: boolean
	/** Conditions that do not hold, excused or not. */
	readonly unmet: readonly string[]
	/** Conditions that are waived, here and below, or not asked, or of what stands above do not reach it. */
	readonly excused: readonly string[]
	/** Codes of findings that block. */
	readonly blocks: readonly string[]
	/** When a unit or building had each act first. */
	readonly acts: Readonly<Record<string, Moment>>
}

/** 异常 that is open on a scope. `thing` tells it from others of its code. */
export interface FindingRow {
	readonly scope: Scope
	readonly code: string
	readonly thing: string
	readonly severity: string
	readonly responsible: string
	readonly since: Moment
	readonly explanation: string
	readonly evidence: readonly EventKey[]
	/** What it was raised by. */
	readonly causedBy: EventKey
}

/** 时限 that has begun on a scope. `missed`: that has been said. */
export interface DeadlineRow {
	readonly scope: Scope
	readonly id: string
	readonly thing: string
	readonly responsible: string
	readonly startedAt: Moment
	readonly dueAt: Moment
	readonly pausedSince: Moment | null
	readonly metAt: Moment | null
	readonly missed: boolean
}

/** What is kept of one scope's judgement, in place of what was kept before. */
export interface Ruling {
	readonly scope: Scope
	readonly findings: readonly FindingRow[]
	readonly deadlines: readonly DeadlineRow[]
}

/** A unit or building of a project, as its project counts it. */
export interface MemberRow {
	readonly scope: Scope
	readonly judged: Judged
}

/** What the registry says of itself (派生事件); its number is given where it is committed. */
export interface Derived {
	readonly parcel: string
	readonly type: string
	readonly subject: Scope | null
	readonly causedBy: EventKey
	readonly saidAt: Known
	readonly data: string
	/** The projects that it is of: subscribers choose by them. */
	readonly projects: readonly Scope[]
	/** Of an account request. */
	readonly service: string | null
}

/** 开户请求 as it was said last, of one unit and service. `holder`: a blind index. */
export interface RequestRow {
	readonly unit: Scope
	readonly service: "water" | "power" | "gas" | "heat"
	readonly requestId: string
	readonly revision: number
	readonly kind: "OPEN" | "CHANGE_HOLDER" | "AMEND" | "CANCEL"
	readonly company: string
	readonly holder: string
	readonly certificateNo: string
	/** The transfer that it was said for, and the event at the end of that one's corrections. */
	readonly transfer: EventKey
	readonly root: EventKey
	readonly saidAt: Known
}

/**
 * What a turn read around what it wrote, with the turns that it had seen of all partitions. Once it has committed, the owner
 * asks for what others wrote there unseen: of two crossing transactions the later one finds the former.
 */
export interface Crossing {
	/** Turn of each partition that was surely seen. */
	readonly seen: readonly number[]
	/** Identifiers whose definitions were read. */
	readonly used: readonly string[]
	/** Identifiers that were given another meaning. */
	readonly changed: readonly string[]
	/** Events whose families were read. */
	readonly families: readonly EventKey[]
}

export interface Position {
	readonly turn: number
	readonly next: bigint
	readonly known: Known
	readonly incarnation: string
	readonly said: bigint
	readonly unchecked: Crossing | null
	readonly held: Known | null
	/** The records behind the unchecked turn: of each partition the first. */
	readonly causes: readonly Place[]
}

/** How a turn begins. `position` null: nobody has ever owned the partition. */
export interface Opening {
	readonly position: Position | null
	readonly turns: readonly number[]
	readonly mail: readonly MailRow[]
}

/** What to read, each by key; what is not named is not read. */
export interface Wanted {
	readonly entries?: readonly EventKey[]
	/** Events whose corrections, retractions and decisions are wanted. */
	readonly acts?: readonly EventKey[]
	readonly definitions?: readonly string[]
	readonly users?: readonly string[]
	readonly links?: readonly EventKey[]
	/** Scopes whose concerns are wanted. */
	readonly concerns?: readonly Scope[]
	/** Scopes of which the state and what was judged are wanted. */
	readonly states?: readonly Scope[]
	/** Units whose account requests are wanted. */
	readonly requests?: readonly Scope[]
}

export interface Loaded {
	/** Every body under the keys asked, rivals too. */
	readonly entries: readonly Recorded[]
	readonly acts: readonly Mention[]
	readonly definitions: readonly Mention[]
	readonly users: readonly Mention[]
	readonly links: readonly Link[]
	readonly concerns: readonly ConcernRow[]
	readonly states: readonly StateRow[]
	readonly findings: readonly FindingRow[]
	readonly deadlines: readonly DeadlineRow[]
	readonly requests: readonly RequestRow[]
}

/** What others wrote unseen: identifiers to look at again with all their users, and families. */
export interface Unseen {
	readonly ids: readonly string[]
	readonly families: readonly EventKey[]
}

/** All that one turn writes, in one transaction. */
export interface Writes {
	readonly next: bigint
	readonly known: Known
	readonly incarnation: string
	readonly unchecked: { readonly crossing: Crossing; readonly held: Known; readonly causes: readonly Place[] } | null
	readonly events: readonly Recorded[]
	readonly mentions: readonly Mention[]
	readonly links: readonly Link[]
	readonly concerns: readonly ConcernRow[]
	readonly states: readonly StateRow[]
	readonly rulings: readonly Ruling[]
	readonly mail: readonly Mail[]
	readonly done: readonly bigint[]
	readonly rejected: readonly Rejection[]
	readonly derived: readonly Derived[]
	readonly requests: readonly RequestRow[]
}

/**
 * What an owner of partitions needs of the registry. `PostgresRegistry` and `MemoryRegistry` pass one contract suite.
 * `commit` answers `fenced` where another owner has taken a turn meanwhile, `stale` where a link that the turn replaces is not the
 * one that it saw: nothing is written then, and the turn is to be taken again from its opening.
 */
export interface Registry {
	readonly partitions: number
	/**
	 * Letters that answers wait for come first, up to `limit`; only where there is none of these, and `isHurried` is not set, those that none
	 * waits for, ten times as many: the longer they lie, the more of them ask for the same.
	 */
	readonly open: (partition: number, now: Moment, limit: number, isHurried?: boolean) => Promise<Opening>
	/** Reads links first; the rest is not older than these, and need not be of one moment: what came meanwhile is found by `unseen`. */
	readonly load: (wanted: Wanted) => Promise<Loaded>
	readonly unseen: (partition: number, crossing: Crossing) => Promise<Unseen>
	readonly commit: (partition: number, turn: number, writes: Writes) => Promise<"done" | "fenced" | "stale">
	/** Buildings and units below a parcel or building, or of a project; of the registry everything. In order of their codes, after one of them. */
	readonly below: (scope: Scope, after: Scope | null, limit: number) => Promise<readonly Scope[]>
	/** What is kept of the buildings and units of a project. */
	readonly members: (project: Scope) => Promise<readonly MemberRow[]>
	/** How many units lie below a parcel or building, or belong to a project. */
	readonly countUnits: (scope: Scope) => Promise<number>
	/** Whether each of these records and all that it caused for answers have been worked off. */
	readonly reached: (causes: readonly Place[]) => Promise<readonly boolean[]>
	/** How far answers are promised. */
	readonly watermark: () => Promise<Known>
	/**
	 * Writes down that the log is not to be trusted any more from where the partition stands: it has lost what was read from it. Without
	 * that a log that grows past the place again would be read on.
	 */
	readonly distrust: (partition: number, incarnation: string) => Promise<void>
	/** The partitions that letters or a check wait for. */
	readonly waiting: (now: Moment) => Promise<readonly number[]>
}
