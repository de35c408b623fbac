import type { Service } from "@yima/lifecycle"
import { type EventKey, normalForm } from "@yima/schemas"
import type { WantedAccount } from "./account-wanted.ts"

/** OPEN 立户, CHANGE_HOLDER 过户, AMEND 更正, CANCEL 撤销. */
export type RequestKind = "OPEN" | "CHANGE_HOLDER" | "AMEND" | "CANCEL"

/** 开户请求 as it was said last: one for each unit and service, with revisions. */
export interface SaidRequest {
	readonly service: Service
	readonly requestId: string
	readonly revision: number
	readonly kind: RequestKind
	readonly company: string
	/** The holder's blind index. */
	readonly holder: string
	readonly certificateNo: string
	/** The transfer that it was said for, and the event at the end of that one's chain of corrections. */
	readonly transfer: EventKey
	readonly root: EventKey
}

/** A revision to be said. */
export type Revision<S extends SaidRequest = SaidRequest> =
	| { readonly kind: "CANCEL"; readonly of: S }
	| { readonly kind: Exclude<RequestKind, "CANCEL">; readonly wanted: WantedAccount; readonly root: EventKey }

/** What the company that was asked last still works on, or has done; null: nothing stands. */
export const standing = <S extends SaidRequest>(said: S | null): S | null => (said?.kind === "CANCEL" ? null : said)

/** Whether what was said last is what is wanted: its holder, certificate and company. */
export const isAsSaid = (wanted: WantedAccount | null, last: SaidRequest | null): boolean => {
	const said = standing(last)
	if (wanted === null || said === null) return wanted === said
	const isSame = (a: string, b: string) => normalForm(a) === normalForm(b)
	return wanted.holder.id === said.holder && isSame(wanted.transfer.certificateNo, said.certificateNo) && isSame(wanted.company, said.company)
}

/**
 * What has to be said so that what was said last becomes what is wanted (`semantics.md` §10). `root`: the event at the end of the wanted
 * transfer's corrections. `isOpened`: by the company that was asked last; such an account is not cancelled any more (C39 is raised).
 */
export const revisionsOf = <S extends SaidRequest>(
	wanted: { readonly account: WantedAccount; readonly root: EventKey } | null,
	last: S | null,
	isOpened: boolean,
): readonly Revision<S>[] => {
	const said = standing(last)
	if (isAsSaid(wanted?.account ?? null, said)) return []
	const cancelled: readonly Revision<S>[] = said === null || isOpened ? [] : [{ kind: "CANCEL", of: said }]
	if (wanted === null) return cancelled
	const { account, root } = wanted
	const say = (kind: Exclude<RequestKind, "CANCEL">): Revision<S> => ({ kind, wanted: account, root })
	const first = say(account.isLater ? "CHANGE_HOLDER" : "OPEN")
	if (said === null) return [first]
	if (normalForm(account.company) !== normalForm(said.company)) return [...cancelled, first]
	return [say(root === said.root || account.holder.id === said.holder ? "AMEND" : "CHANGE_HOLDER")]
}
