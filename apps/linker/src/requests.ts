import { at, type Service, type States, transfers, type Unit, type UtilityAccount } from "@yima/lifecycle"
import { restorePlaces, versionAt } from "@yima/linking"
import type { Derived, Registry, RequestRow } from "@yima/registry"
import { isAsSaid, type Revision, revisionsOf, SERVICES, sceneOf, standing, type WantedAccount, wantedAccounts } from "@yima/rules"
import { type EventKey, equal, type Known, type Moment, normalForm, requestIdOf, type Scope, stepAt } from "@yima/schemas"
import { TurnIndex } from "./turn-index.ts"

/** A unit that was touched, as it is by all that is known, and the event behind that. `view` null: nobody names it any more. */
export interface TouchedUnit {
	readonly scope: Scope
	readonly view: Unit | null
	readonly by: EventKey
	/** How often it was looked at in vain. */
	readonly tries: number
}

/** What is said to the companies, and kept of it. */
export interface Requested {
	readonly requests: readonly RequestRow[]
	readonly derived: readonly Omit<Derived, "parcel" | "saidAt">[]
	/** Units that are to be looked at again, and when: what is known of them is not final yet, or a dispute holds them. */
	readonly again: ReadonlyMap<Scope, Moment>
	/** Something waits for the watermark. */
	readonly isWaiting: boolean
}

export interface RequestWork {
	readonly states: States
	readonly asOf: Moment
	readonly known: Known
	/** The watermark, read before the states: up to here all is known that ever will be. */
	readonly passed: number
	/** The clock by which letters wait. */
	readonly wall: Moment
}

/** After which a unit is looked at again, µs: first, where the watermark has not passed its cause, for ticks let it pass; at most, each time after twice as long; where a dispute holds it. */
const SOON = 250_000
const LATE = 60_000_000

type Reads = Pick<Registry, "load">

/** What a unit's accounts are to be; `due`: when something is no longer held back. */
interface Wanted {
	readonly accounts: ReadonlyMap<Service, WantedAccount>
	readonly due: Moment | null
}

const wantedAt = (view: Unit | null, asOf: Moment): Wanted => {
	// What was split, merged or coded anew wants nothing any more: its successors do, by requests of their own.
	if (view === null || view.status === "RETIRED") return { accounts: new Map(), due: null }
	const scene = sceneOf(view, asOf)
	const all = wantedAccounts(view, scene).filter((each) => each.consentWithdrawnAt === null)
	const until = ({ since }: WantedAccount) => (since.time + scene.ruleSet.requestHoldSeconds * 1_000_000) as Moment
	const held = all.map(until).filter((each) => each > asOf)
	return {
		accounts: new Map(all.filter((each) => until(each) <= asOf).map((each) => [each.service, each])),
		due: held.length === 0 ? null : (Math.min(...held) as Moment),
	}
}

/** All that what is said rests on. */
const gist = ({ accounts }: Wanted, view: Unit | null): readonly unknown[] => [
	...[...accounts].map(([service, { company, holder, transfer }]) => [service, company, holder.id, transfer.certificateNo, transfer.event]),
	...(view?.utilityAccounts ?? []).map(({ service, company, status, requestId }) => [service, company, status === "OPENED", requestId]),
]

const unitAt = (scope: Scope, states: States, asOf: Moment, knownAt: Known): Unit | null => {
	const view = at(scope, states, asOf, knownAt)
	return view?.is === "unit" ? view : null
}

const LATEST = Number.MAX_SAFE_INTEGER as Known

/** The event at the end of each chain of corrections; a chain that closes ends where it would begin again. All chains go side by side. */
const rootsOf = async (keys: readonly EventKey[], registry: Reads): Promise<ReadonlyMap<EventKey, EventKey>> => {
	const next = new Map<EventKey, EventKey | null>()
	for (let open = [...new Set(keys)]; open.length > 0; ) {
		const { entries } = await registry.load({ entries: open })
		const found = new Map(entries.map(({ key, body }) => [key, JSON.parse(body) as { readonly source: string; readonly corrects?: string }]))
		for (const key of open) {
			const { source, corrects } = found.get(key) ?? {}
			next.set(key, corrects === undefined ? null : (`${source}#${corrects}` as EventKey))
		}
		open = [...new Set(open.flatMap((key) => next.get(key) ?? []))].filter((key) => !next.has(key))
	}
	const rootOf = (key: EventKey): EventKey => {
		const seen = new Set([key])
		let at = key
		for (let to = next.get(at); to !== null && to !== undefined && !seen.has(to); to = next.get(at)) {
			seen.add(to)
			at = to
		}
		return at
	}
	return new Map(keys.map((key) => [key, rootOf(key)]))
}

/** The account that a company has opened for a service. */
const openedBy = (view: Unit | null, { service, company }: Pick<RequestRow, "service" | "company">): UtilityAccount | undefined =>
	view?.utilityAccounts.find((each) => each.service === service && each.status === "OPENED" && normalForm(each.company) === normalForm(company))

const isOpened = (view: Unit | null, said: RequestRow | null): boolean => said !== null && openedBy(view, said)?.requestId === said.requestId

/** The company has opened it for this transfer without being asked: it is not asked for what it has done. */
const wasOpened = (view: Unit | null, account: WantedAccount): boolean => {
	const opened = openedBy(view, account)
	return opened !== undefined && opened.updatedAt >= account.transfer.at
}

/**
 * Of transfers that were said for, those that are parked now: until they are placed again, all that was said for them stands. What was
 * corrected is where its correction is; what was retracted is nowhere, though its place is kept.
 */
const parkedAmong = async (keys: readonly EventKey[], knownAt: Known, registry: Reads): Promise<ReadonlySet<EventKey>> => {
	const index = new TurnIndex()
	const isParked = (key: EventKey): boolean => {
		const version = versionAt(key, index, knownAt)
		const link = version === null ? null : index.link(version)
		return link !== null && stepAt(restorePlaces(link.places), knownAt)?.is === "PARKED"
	}
	for (;;) {
		// All of them before it loads: their reads go side by side.
		const found = index.attempt(() => keys.map(isParked))
		if (found !== null) return new Set(keys.filter((_, n) => found[n]))
		await index.load(registry.load)
	}
}

const rowOf = (revision: Revision<RequestRow>, unit: Scope, service: Service, last: RequestRow | null, saidAt: Known): RequestRow => {
	const count = (last?.revision ?? 0) + 1
	if (revision.kind === "CANCEL") return { ...revision.of, unit, kind: "CANCEL", revision: count, saidAt }
	const { kind, root, wanted } = revision
	const { company, holder, transfer } = wanted
	return {
		unit,
		service,
		requestId: last?.requestId ?? requestIdOf(unit, service),
		revision: count,
		kind,
		company,
		holder: holder.id,
		certificateNo: transfer.certificateNo,
		transfer: transfer.event,
		root,
		saidAt,
	}
}

/** What leaves for a company (`events.md`), with the holder as the facts name it: the masked name is read when it leaves. */
const dataOf = (revision: Revision, { requestId, revision: count, kind, unit, service, company }: RequestRow, view: Unit | null): object => {
	const wanted = revision.kind === "CANCEL" ? null : revision.wanted
	return {
		requestId,
		revision: count,
		kind,
		unit,
		address: view?.address ?? null,
		service,
		company,
		accountNo: wanted?.accountNo ?? null,
		consentId: wanted?.consentId ?? null,
		holder: wanted === null ? null : { ...wanted.holder, in: wanted.transfer.events },
	}
}

/**
 * 联动开户: says of each unit what its accounts are to be, where that differs from what was said last (architecture, rule 11). Judged by what
 * is known up to the watermark; where more is known already, that is waited for, so that nobody is asked for what is about to be withdrawn.
 */
export const requestsOf = async (units: readonly TouchedUnit[], { states, asOf, known, passed, wall }: RequestWork, registry: Reads): Promise<Requested> => {
	const knownAt = passed as Known
	// What is known by then happened by then, however far this partition's own clock lags.
	const now = Math.max(asOf, passed) as Moment
	const later = (wait: number) => (Math.max(now, wall) + wait) as Moment
	const { requests } = units.length === 0 ? { requests: [] } : await registry.load({ requests: units.map(({ scope }) => scope) })
	const byUnit = Map.groupBy(requests, ({ unit }) => unit)
	const saidOf = (scope: Scope, service: Service): RequestRow | null => byUnit.get(scope)?.find((each) => each.service === service) ?? null
	const looked = units
		.filter(({ scope, view }) => byUnit.has(scope) || (view !== null && transfers(view.certificates).length > 0))
		.map((each) => ({ ...each, latest: unitAt(each.scope, states, now, LATEST), settled: unitAt(each.scope, states, now, knownAt) }))
	const isHeld = (view: Unit | null, key: EventKey) => view?.certificates.some((each) => each.events.includes(key)) === true
	const lost = looked.flatMap(({ scope, settled }) =>
		SERVICES.flatMap((service) => {
			const stands = standing(saidOf(scope, service))
			return stands === null || isHeld(settled, stands.transfer) ? [] : [stands.transfer]
		}),
	)
	const parked = await parkedAmong(lost, knownAt, registry)
	let isWaiting = false
	const again = new Map<Scope, Moment>()
	const due = looked.flatMap((each) => {
		const { scope, latest, settled, tries } = each
		const wanted = wantedAt(settled, now)
		if (!equal(gist(wantedAt(latest, now), latest), gist(wanted, settled))) {
			again.set(scope, later(Math.min(LATE, SOON * 2 ** tries)))
			isWaiting = true
			return []
		}
		if (wanted.due !== null) again.set(scope, wanted.due)
		return SERVICES.flatMap((service) => {
			const said = saidOf(scope, service)
			const account = wanted.accounts.get(service) ?? null
			if (isAsSaid(account, said) || (said === null && account !== null && wasOpened(settled, account))) return []
			const stands = standing(said)
			if (stands === null || !parked.has(stands.transfer)) return [{ ...each, service, said, account }]
			again.set(scope, later(LATE))
			return []
		})
	})
	const roots = await rootsOf(
		due.flatMap(({ account }) => account?.transfer.event ?? []),
		registry,
	)
	const found = { requests: [] as RequestRow[], derived: [] as Requested["derived"][number][] }
	for (const { scope, by, settled, service, said, account } of due) {
		const root = account === null ? undefined : roots.get(account.transfer.event)
		let last = said
		for (const revision of revisionsOf(account === null || root === undefined ? null : { account, root }, said, isOpened(settled, said))) {
			last = rowOf(revision, scope, service, last, known)
			found.derived.push({
				type: "utility.account-requested",
				subject: scope,
				causedBy: account?.transfer.event ?? by,
				data: JSON.stringify(dataOf(revision, last, settled)),
				projects: settled === null || settled.project === null ? [] : [settled.project],
				service,
			})
		}
		if (last !== null && last !== said) found.requests.push(last)
	}
	return { ...found, again, isWaiting }
}
