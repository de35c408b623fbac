import type { Json } from "@yima/test-kit"

/** An event as it was sent, with the fields that account requests hang on. */
interface Sent {
	readonly id: string
	readonly source: string
	readonly type: string
	readonly subject?: string
	readonly time: string
	readonly corrects?: string
	readonly statedat?: string
	readonly data: {
		readonly applicationNo?: string
		readonly certificateNo?: string
		readonly holders?: readonly { readonly idNumber: string }[]
		readonly consents?: { readonly utilities: { readonly given: boolean } }
		readonly service?: string
		readonly company?: string
		readonly requestId?: string
		readonly accounts?: readonly { readonly unit: string }[]
		/** Of a survey, or of a parcel's division. */
		readonly units?: readonly { readonly code?: string; readonly predicted?: readonly string[]; readonly from?: string; readonly to?: string }[]
		readonly event?: { readonly source?: string; readonly id: string }
		readonly subjects?: readonly string[]
	}
}

/** What a company's account is to be: in whose name, by which certificate, and the transfer that says so. */
export interface DesiredAccount {
	readonly company: string
	readonly holder: string
	readonly certificateNo: string
	readonly transfer: string
	/** A transfer to somebody else is in force before it. */
	readonly isLater: boolean
}

/** What was said last of a request, by what the stream says. `transfer`: the event that it was said for. */
export interface LastSaid {
	readonly requestId: string
	readonly kind: string
	readonly company: string
	readonly holder: string
	readonly certificateNo: string
	readonly transfer: string
}

type Kind = "application-no" | "certificate-no"
type Place = readonly string[] | "parked"

/** Services went live at the start of 2023 (`semantics.md` §10). */
const LIVE = Date.parse("2023-01-01T00:00:00+08:00")

const keyOf = ({ source, id }: Sent): string => `${source}#${id}`
const typeOf = ({ type }: Sent): string => type.slice("yima.".length, -".v1".length)
const isRetraction = (event: Sent): boolean => typeOf(event).endsWith(".retracted")
const namedBy = ({ source, data }: Sent): string => `${data.event?.source ?? source}#${data.event?.id}`
const numberOf = ({ data }: Sent, kind: Kind): string | undefined => (kind === "application-no" ? data.applicationNo : data.certificateNo)
const isSame = (a: Place, b: Place): boolean => JSON.stringify([...a].sort()) === JSON.stringify([...b].sort())
const greatest = <A>(all: readonly A[], ...by: readonly ((each: A) => number | string)[]): A | undefined =>
	[...all].sort((a, b) => by.map((of) => (of(a) < of(b) ? -1 : of(a) > of(b) ? 1 : 0)).find((each) => each !== 0) ?? 0).at(-1)

/**
 * What `semantics.md` §10 wants of the companies, read off the events as they were sent, by the plainest means. It shares nothing with the
 * product, and reads of §2 to §5 only what these schedules hold.
 */
export class Desired {
	readonly #events: readonly Sent[]
	readonly #asOf: number
	/** Where each event in force belongs. */
	readonly #places: ReadonlyMap<Sent, Place>

	/** `told`: in the order of the log; of two bodies under one identity the first stands. `asOf`: ms since 1970. */
	constructor(told: readonly Json[], asOf: number) {
		const sent = told as unknown as readonly Sent[]
		this.#events = sent.filter((event, n) => sent.findIndex((each) => keyOf(each) === keyOf(event)) === n)
		this.#asOf = asOf
		this.#places = new Map(this.#events.filter((each) => this.#isInForce(each)).map((each) => [each, this.#placeOf(each)]))
	}

	/** Null: no account is wanted. */
	account(unit: string, service: string): DesiredAccount | null {
		// The old code's events are its successor's, and so are its requests (§5).
		if (this.#edges().some(({ from }) => from === unit)) return null
		const transfers = this.#transfers(unit)
		const latest = transfers.at(-1)
		const company = this.#lines(unit, "utility.connected").findLast(
			({ data }) => data.service === service && this.#family(unit).some((code) => data.accounts?.some((each) => each.unit === code)),
		)?.data.company
		if (latest === undefined || company === undefined || !this.#hasConsented(unit, latest) || Date.parse(latest.time) < LIVE) return null
		const holder = this.#holder(unit, latest)
		return {
			company,
			holder,
			certificateNo: latest.data.certificateNo ?? "",
			transfer: keyOf(latest),
			// One registration that two sources report, or a new certificate of the same holder, makes nobody a later buyer.
			isLater: transfers.some((each) => this.#holder(unit, each) !== holder),
		}
	}

	/** The kinds of revisions that are still to be said after `last` (null: nothing ever was). None: what was said last is what is wanted, or must stand. */
	owed(unit: string, service: string, last: LastSaid | null): readonly string[] {
		const wanted = this.account(unit, service)
		const standing = last === null || last.kind === "CANCEL" ? null : last
		if (wanted === null && standing === null) return []
		if (
			wanted !== null &&
			standing !== null &&
			wanted.company === standing.company &&
			wanted.holder === standing.holder &&
			wanted.certificateNo === standing.certificateNo
		)
			return []
		if (standing !== null && this.isParked(standing.transfer)) return []
		// Which revision the company answered plays no part: the account is there. A report that was matched by unit, service and company names
		// the request, for the door that matches it writes that in; one that reaches history without is of an account that nobody asked for.
		const report = standing === null ? undefined : this.#report(unit, service, standing.company)
		const cancelled = standing === null || (report !== undefined && report.requestId === standing.requestId) ? [] : ["CANCEL"]
		if (wanted === null) return cancelled
		const first = wanted.isLater ? "CHANGE_HOLDER" : "OPEN"
		if (standing === null) {
			// §10 is silent: a company that has opened the account for this transfer without being asked is not asked for what it has done.
			const done = last === null ? this.#report(unit, service, wanted.company) : undefined
			const transfer = this.#events.find((each) => keyOf(each) === wanted.transfer)
			return done !== undefined && transfer !== undefined && done.at >= Date.parse(transfer.time) ? [] : [first]
		}
		// §10 is silent: one company can neither amend nor hand over what another has.
		if (wanted.company !== standing.company) return [...cancelled, first]
		return [this.#rootOf(wanted.transfer) === this.#rootOf(standing.transfer) || wanted.holder === standing.holder ? "AMEND" : "CHANGE_HOLDER"]
	}

	/** Whether a transfer, by its version in force, belongs nobody knows where. */
	isParked(key: string): boolean {
		return [...this.#places].some(([each, place]) => place === "parked" && this.#rootOf(keyOf(each)) === this.#rootOf(key))
	}

	/** The transfers of a unit in force, in order; a certificate ends no sooner than it was made. */
	#transfers(unit: string): readonly Sent[] {
		const ended = this.#lines(unit, "registration.deregistered")
		return this.#lines(unit, "registration.transferred").filter(
			({ data, time }) => !ended.some((each) => each.data.certificateNo === data.certificateNo && Date.parse(each.time) >= Date.parse(time)),
		)
	}

	/** In whose name the account is: the first who is named, by the register as it was corrected. */
	#holder(unit: string, { data, time }: Sent): string {
		const corrected = this.#lines(unit, "registration.corrected").findLast(
			(each) => each.data.certificateNo === data.certificateNo && each.data.holders !== undefined && Date.parse(each.time) >= Date.parse(time),
		)
		return (corrected ?? { data }).data.holders?.[0]?.idNumber ?? ""
	}

	#hasConsented(unit: string, { data }: Sent): boolean {
		const isIts = (each: Sent) => each.data.applicationNo === data.applicationNo
		const applied = this.#lines(unit, "registration.transfer-applied").findLast(isIts)
		return applied?.data.consents?.utilities.given === true && !this.#lines(unit, "registration.consent-withdrawn").some(isIts)
	}

	/** When a company opened the account, if that is the last it said, and for which request. */
	#report(unit: string, service: string, company: string): { readonly at: number; readonly requestId: string | undefined } | undefined {
		const last = this.#lines(unit, "utility.account-accepted", "utility.account-opened", "utility.account-failed", "utility.account-closed").filter(
			({ data }) => data.service === service && data.company === company,
		)
		const opened = last.at(-1)
		if (opened === undefined || typeOf(opened) !== "utility.account-opened") return undefined
		return { at: Date.parse(opened.time), requestId: last.findLast(({ data }) => data.requestId !== undefined)?.data.requestId }
	}

	/** The events of these types that a unit sees: in force, by now, its own, its building's, and those of what it was before. */
	#lines(unit: string, ...types: readonly string[]): readonly Sent[] {
		const family = this.#family(unit)
		const isSeen = (place: Place) => place !== "parked" && place.some((code) => family.some((own) => own.startsWith(code)))
		return [...this.#places]
			.flatMap(([each, place]) => (types.includes(typeOf(each)) && Date.parse(each.time) <= this.#asOf && isSeen(place) ? [each] : []))
			.sort((a, b) => Date.parse(a.time) - Date.parse(b.time) || (keyOf(a) < keyOf(b) ? -1 : 1))
	}

	/** Which code became which other one (§5). */
	#edges(): readonly { readonly from: string; readonly to: string }[] {
		return [...this.#places.keys()]
			.filter((each) => ["survey.measured", "land.parcel-divided"].includes(typeOf(each)) && Date.parse(each.time) <= this.#asOf)
			.flatMap(({ data }) => data.units ?? [])
			.flatMap(({ code, predicted = [], from, to = code }) => (from === undefined ? predicted : [from]).map((old) => ({ from: old, to: to ?? old })))
			.filter(({ from, to }) => from !== to)
	}

	/** A unit and what it was before. */
	#family(unit: string): readonly string[] {
		return [unit, ...this.#edges().flatMap(({ from, to }) => (to === unit ? this.#family(from) : []))]
	}

	#isDead(event: Sent): boolean {
		return this.#events.some((each) => isRetraction(each) && namedBy(each) === keyOf(event) && !this.#isDead(each))
	}

	#rootOf(key: string): string {
		const event = this.#events.find((each) => keyOf(each) === key)
		return event?.corrects === undefined ? key : this.#rootOf(`${event.source}#${event.corrects}`)
	}

	/** The living version that no living one replaces, directly or through dead ones (§3). */
	#isInForce(event: Sent): boolean {
		const root = this.#rootOf(keyOf(event))
		const original = this.#events.find((each) => keyOf(each) === root)
		if (original === undefined || this.#isDead(original)) return false
		const isReplaced = (version: Sent): boolean =>
			this.#events.some((each) => each.source === version.source && each.corrects === version.id && (!this.#isDead(each) || isReplaced(each)))
		const living = this.#events.filter((each) => this.#rootOf(keyOf(each)) === root && !this.#isDead(each) && !isReplaced(each))
		return (
			greatest(
				living,
				({ statedat, time }) => Date.parse(statedat ?? time),
				({ id }) => id,
			) === event
		)
	}

	/** Where an event belongs (§2): by decision, subject, or what its numbers lead to. A dismissed one belongs nowhere. */
	#placeOf(event: Sent): Place {
		const stated = this.#stated(event)
		if (stated !== null) return stated
		// What gives a certificate its number is placed by the application alone, and by that number only if it can give it no meaning.
		const found = this.#meaning("application-no", event)
		return found === "parked" ? this.#meaning("certificate-no", event) : found
	}

	#stated(event: Sent): readonly string[] | null {
		const root = this.#rootOf(keyOf(event))
		const decision = greatest(
			this.#events.filter((each) => {
				if (typeOf(each) !== "registrar.resolved" || !this.#isInForce(each) || this.#rootOf(namedBy(each)) !== root) return false
				// It holds for whatever version is in force, unless that one states another subject of its own.
				const decided = this.#events.find((other) => keyOf(other) === namedBy(each))
				return decided !== undefined && (event.subject === undefined || event.subject === decided.subject)
			}),
			({ time }) => Date.parse(time),
			keyOf,
		)
		return decision?.data.subjects ?? (event.subject === undefined ? null : [event.subject])
	}

	/** What an event's number leads to by those who define it: parked where none does, or two disagree. */
	#meaning(kind: Kind, event: Sent): Place {
		const number = numberOf(event, kind)
		const defining = kind === "application-no" ? "registration.transfer-applied" : "registration.transferred"
		const places = this.#events.flatMap((each): readonly Place[] => {
			if (number === undefined || each === event || typeOf(each) !== defining || numberOf(each, kind) !== number || !this.#isInForce(each)) return []
			const place = this.#stated(each) ?? (kind === "application-no" ? "parked" : this.#meaning("application-no", each))
			return place === "parked" || place.length === 0 ? [] : [place]
		})
		const [first] = places
		return first === undefined || places.some((each) => !isSame(each, first)) ? "parked" : first
	}
}
