import type { Service, UtilityAccount } from "@yima/lifecycle"
import { restorePlaces } from "@yima/linking"
import type { DerivedRow } from "@yima/registry"
import { hasConsented } from "@yima/rules"
import { type AccountRequestData, type Known, type Moment, normalForm, type Scope, stepAt } from "@yima/schemas"
import { builder } from "./builder.ts"
import { connectionOf, type Page } from "./connection.ts"
import { versionAlone } from "./family.ts"
import { aroundOf } from "./judged-place.ts"
import { judged } from "./judging.ts"
import { lookedUp } from "./looked.ts"
import type { UnitNode } from "./nodes.ts"
import type { Reading } from "./reading.ts"
import { readingOf } from "./reading-of.ts"
import { ServiceEnum } from "./service.ts"
import { unitFor } from "./unit.ts"
import { nowOf } from "./when.ts"

const STATUSES = ["NONE", "REQUESTED", "DELIVERED", "ACCEPTED", "OPENED", "FAILED", "CANCELLED", "CLOSED"] as const
type AccountStatus = (typeof STATUSES)[number]

export const AccountStatusEnum = builder.enumType("AccountStatus", {
	description: "REQUESTED: asked of the company; DELIVERED: its endpoint has received that; then what the company said",
	values: STATUSES,
})

const REASONS = {
	NOT_FOUND: { value: "not-found" },
	ADDRESS_MISMATCH: { value: "address-mismatch" },
	ARREARS: { value: "arrears" },
	DUPLICATE: { value: "duplicate" },
	OFFLINE: { value: "offline" },
	WRONG_PERSON: { value: "wrong-person" },
	OTHER: { value: "other" },
} as const

export const AccountReasonCode = builder.enumType("AccountReasonCode", { values: REASONS })

/** 水电气暖户 of a unit: what was asked of the company and what it said, in one. */
interface AccountNode extends Omit<UtilityAccount, "status" | "updatedAt" | "connected" | "events" | "revision"> {
	readonly status: AccountStatus
	readonly updatedAt: Moment | Known
	/** While the company has not answered: since when it is asked. */
	readonly waitingSince: Known | null
}

export const UtilityAccountType = builder.objectRef<AccountNode>("UtilityAccount").implement({
	description: "水电气暖户号",
	fields: (t) => ({
		service: t.field({ type: ServiceEnum, resolve: ({ service }) => service }),
		company: t.exposeString("company"),
		accountNo: t.string({ nullable: true, resolve: ({ accountNo }) => accountNo }),
		status: t.field({ type: AccountStatusEnum, resolve: ({ status }) => status }),
		requestId: t.id({ nullable: true, resolve: ({ requestId }) => requestId }),
		reasonCode: t.field({ type: AccountReasonCode, nullable: true, resolve: ({ reasonCode }) => reasonCode as never }),
		reason: t.string({ nullable: true, resolve: ({ reason }) => reason }),
		updatedAt: t.field({ type: "DateTime", resolve: ({ updatedAt }) => updatedAt }),
	}),
})

interface Asked {
	readonly row: DerivedRow
	readonly data: AccountRequestData
}

/** The last that was asked of each service by then. */
const lastAsked = async ({ view, when, reading }: UnitNode): Promise<ReadonlyMap<Service, Asked>> => {
	const rows = (await reading.requests(view.code)).filter(({ saidAt }) => saidAt <= when.knownAt && saidAt <= when.asOf)
	return new Map(rows.map((row) => [row.service as Service, { row, data: JSON.parse(row.data) as AccountRequestData }]))
}

/** Whether a company has spoken of the last that it was asked: of which revision says the report; where it does not, its moment has to tell. */
const isAnswer = ({ status, requestId, revision, updatedAt }: UtilityAccount, { row, data }: Asked): boolean => {
	if (status === "NONE") return false
	if (requestId === data.requestId && (revision !== null || data.revision === 1)) return (revision ?? 1) >= data.revision
	return updatedAt >= row.saidAt
}

const statusOf = async (account: UtilityAccount | null, asked: Asked, reading: Reading): Promise<AccountStatus> => {
	const { row, data } = asked
	const isAnswered = account !== null && isAnswer(account, asked)
	if (data.kind === "CANCEL") return isAnswered && account.status === "CLOSED" ? "CLOSED" : "CANCELLED"
	if (isAnswered) return account.status
	return (await reading.isDelivered(row)) ? "DELIVERED" : "REQUESTED"
}

/** Each service's account with each company that has one or was asked for one. */
export const accountsOf = async (unit: UnitNode): Promise<readonly AccountNode[]> => {
	const { view, reading } = unit
	const asked = await lastAsked(unit)
	const isOf = (account: UtilityAccount, each: Asked) => normalForm(account.company) === normalForm(each.data.company)
	const standing = view.utilityAccounts.map((account) => {
		const last = asked.get(account.service)
		return { account, last: last !== undefined && isOf(account, last) ? last : null }
	})
	const alone = [...asked].filter(([service, each]) => !view.utilityAccounts.some((account) => account.service === service && isOf(account, each)))
	return Promise.all([
		...standing.map(async ({ account, last }): Promise<AccountNode> => {
			if (last === null) return { ...account, waitingSince: null }
			const status = await statusOf(account, last, reading)
			const isAnswered = status === account.status
			return {
				...account,
				status,
				requestId: last.data.requestId,
				reasonCode: isAnswered ? account.reasonCode : null,
				reason: isAnswered ? account.reason : null,
				updatedAt: Math.max(account.updatedAt, last.row.saidAt) as Moment,
				waitingSince: WAITING.has(status) ? last.row.saidAt : null,
			}
		}),
		...alone.map(async ([service, last]): Promise<AccountNode> => {
			const status = await statusOf(null, last, reading)
			const { company, accountNo, requestId } = last.data
			return {
				service,
				company,
				accountNo,
				status,
				requestId,
				reasonCode: null,
				reason: null,
				updatedAt: last.row.saidAt,
				waitingSince: WAITING.has(status) ? last.row.saidAt : null,
			}
		}),
	])
}

const WAITING: ReadonlySet<AccountStatus> = new Set(["REQUESTED", "DELIVERED", "ACCEPTED"])

interface OverviewNode {
	readonly unit: UnitNode
	readonly consent: boolean | null
	readonly frozen: boolean
	readonly accounts: readonly AccountNode[]
	readonly done: boolean
	readonly waitingSince: Known | null
}

/** Whether a registration that something was asked for is parked now: until it is placed again, what was asked stands. */
const isFrozen = async (unit: UnitNode): Promise<boolean> => {
	const standing = [...(await lastAsked(unit)).values()].filter(({ data }) => data.kind !== "CANCEL")
	const { knownAt } = unit.when
	const links = await Promise.all(
		standing.map(async ({ row }) => {
			const version = await versionAlone(row.causedBy, knownAt, unit.reading)
			return version === null ? null : unit.reading.link(version)
		}),
	)
	return links.some((link) => link !== null && stepAt(restorePlaces(link.places), knownAt)?.is === "PARKED")
}

const overviewOf = async (unit: UnitNode): Promise<OverviewNode> => {
	const [accounts, frozen] = await Promise.all([accountsOf(unit), isFrozen(unit)])
	const { services } = judged(unit).scene.ruleSet
	const waiting = accounts.flatMap((each) => each.waitingSince ?? [])
	return {
		unit,
		consent: hasConsented(unit.view),
		frozen,
		accounts,
		done: services.every((service) => accounts.some((each) => each.service === service && each.status === "OPENED")),
		waitingSince: waiting.length === 0 ? null : (Math.min(...waiting) as Known),
	}
}

const AccountOverview = builder.objectRef<OverviewNode>("AccountOverview").implement({
	description: "consent: null while no application was seen; frozen: a dispute holds the requests back; done: every service is opened",
	fields: (t) => ({
		unit: t.field({ type: "UnitCode", resolve: ({ unit }) => unit.view.code }),
		address: t.string({ nullable: true, resolve: ({ unit }) => unit.view.address }),
		consent: t.boolean({ nullable: true, resolve: ({ consent }) => consent }),
		frozen: t.exposeBoolean("frozen"),
		accounts: t.field({ type: [UtilityAccountType], resolve: ({ accounts }) => accounts }),
		done: t.exposeBoolean("done"),
		waitingSince: t.field({ type: "DateTime", nullable: true, resolve: ({ waitingSince }) => waitingSince }),
	}),
})

const AccountFilter = builder.inputType("AccountFilter", {
	description: "All that is given must hold. olderThan: some company has not answered since before then",
	fields: (t) => ({
		project: t.string(),
		unit: t.field({ type: "UnitCode" }),
		service: t.field({ type: ServiceEnum }),
		status: t.field({ type: [AccountStatusEnum] }),
		olderThan: t.field({ type: "DateTime" }),
	}),
})
type Filter = typeof AccountFilter.$inferInput

const isChosen = ({ accounts }: OverviewNode, { service, status, olderThan }: Filter): boolean => {
	const own = accounts.filter((each) => !service || each.service === service)
	if (status && !own.some((each) => status.includes(each.status))) return false
	return !olderThan || own.some(({ waitingSince }) => waitingSince !== null && waitingSince < olderThan)
}

const listAccounts = async (
	reading: Reading,
	filter: Filter,
	args: { readonly first?: number | null | undefined; readonly after?: string | null | undefined },
): Promise<Page<OverviewNode>> => {
	const when = nowOf(reading)
	const { project, unit, service } = filter
	const { places, holds } = await aroundOf({ project, unit }, when, reading)
	const nodeOf = async ({ unit: code }: { readonly unit: Scope }): Promise<OverviewNode | null> => {
		if (!holds(code)) return null
		const node = await unitFor(code, when, reading)
		if (node === null) return null
		const found = await overviewOf(node)
		return isChosen(found, filter) ? found : null
	}
	return lookedUp<{ readonly unit: Scope }, OverviewNode>(
		{
			of: `accounts ${JSON.stringify(filter)}`,
			slice: async (after, limit) => {
				// A flat that is named is told of whether anything was asked for it or not.
				const found = unit
					? { rows: after === null ? [{ unit: unit as Scope }] : [], isMore: false }
					: await reading.snapshot.judged.requestedUnits({ places, service: service ?? undefined }, (after?.[0] ?? null) as Scope | null, limit)
				return { rows: found.rows.map((row) => ({ row, at: [row.unit] })), isMore: found.isMore }
			},
			nodeOf,
			usual: 20,
		},
		args,
	)
}

builder.queryField("accountOverview", (t) =>
	t.field({
		type: connectionOf("AccountOverview", AccountOverview),
		description: "The joint status of a unit's or a project's account openings, for the registration center",
		args: { filter: t.arg({ type: AccountFilter }), first: t.arg.int({ defaultValue: 20 }), after: t.arg.string() },
		resolve: (_, { filter, ...args }, context) => listAccounts(readingOf(context), filter ?? {}, args),
	}),
)
