import { isContactToken, mask, readContactToken } from "@yima/access"
import { type Feed, firstReport, type KeptHolder, maskedName, namesOf, type Report, type Reported, reportEvent, requestIn } from "@yima/feed"
import type { Redemption } from "@yima/registry"
import { AHEAD, formatMoment, normalForm, normalName, type Scope, type SubmitResult } from "@yima/schemas"
import { AccountReasonCode } from "./account.ts"
import { builder } from "./builder.ts"
import { type Desk, reading, sent } from "./desk.ts"
import { feedOf } from "./feed.ts"
import { SubmitResultType } from "./problem-type.ts"
import type { Reading } from "./reading.ts"
import { refusal } from "./refusal.ts"
import { ServiceEnum } from "./service.ts"
import { subscribersOf } from "./webhook.ts"

const AccountReportStatus = builder.enumType("AccountReportStatus", {
	values: { ACCEPTED: { value: "accepted" }, OPENED: { value: "opened" }, FAILED: { value: "failed" }, CLOSED: { value: "closed" } } as const,
})

const AccountReport = builder.inputType("AccountReport", {
	description: "requestId, else unit. revision absent: the latest",
	fields: (t) => ({
		requestId: t.id(),
		revision: t.int(),
		unit: t.field({ type: "UnitCode" }),
		service: t.field({ type: ServiceEnum, required: true }),
		company: t.string({ required: true }),
		status: t.field({ type: AccountReportStatus, required: true }),
		orderNo: t.string(),
		accountNo: t.string(),
		holder: t.string({ description: "Whom the account was opened for; another than the request's is refused: that is a FAILED, WRONG_PERSON" }),
		reasonCode: t.field({ type: AccountReasonCode }),
		reason: t.string(),
		occurredAt: t.field({ type: "DateTime" }),
	}),
})
type Input = typeof AccountReport.$inferInput

const checkRevision = (last: { readonly requestId: string; readonly revision: number }, revision: number | null | undefined): void => {
	if (revision !== null && revision !== undefined && (revision < 1 || revision > last.revision))
		throw refusal("NOT_FOUND", `请求 ${last.requestId} 没有第 ${revision} 版;现至第 ${last.revision} 版`)
}

/** What a report is about. A company reports on what it was asked for, and on no other's. */
const aboutOf = async ({ requestId, revision, unit, service, company }: Input, own: Reading): Promise<Reported & { readonly holder: KeptHolder | null }> => {
	const requests = async (of: Scope) => (await own.requests(of)).map(requestIn).filter((each) => each.service === service)
	const isTo = (each: { readonly company: string; readonly revision: number }) =>
		normalForm(each.company) === normalForm(company) && each.revision === (revision ?? each.revision)
	if (requestId) {
		const last = await own.snapshot.judged.accountRequest(String(requestId))
		if (last === null) throw refusal("NOT_FOUND", `没有编号为「${String(requestId).slice(0, 60)}」的开户请求`)
		checkRevision(last, revision)
		// When a flat's company changes, the one before is still to answer what it was told.
		const asked = (await requests(last.unit)).findLast((each) => each.requestId === last.requestId && isTo(each))
		if (asked === undefined) throw refusal("FORBIDDEN", `请求 ${last.requestId} 不是发给此企业此项服务的`)
		return asked
	}
	if (!unit) throw refusal("BAD_INPUT", "请给出 requestId 或 unit")
	const all = await requests(unit as Scope)
	const last = all.at(-1)
	if (last === undefined || normalForm(last.company) !== normalForm(company)) return { requestId: null, revision: null, unit, service, company, holder: null }
	checkRevision(last, revision)
	const asked = all.findLast(isTo)
	if (asked === undefined) throw refusal("FORBIDDEN", `请求 ${last.requestId} 的第 ${revision} 版不是发给此企业的`)
	return asked
}

/** Compared as the request shows it, masked: so that nobody finds out more by trying. Whom nobody can name any more is not compared. */
const checkHolder = async (stated: string, holder: KeptHolder, { people }: Feed): Promise<void> => {
	const [named] = await namesOf([holder], people)
	if (named === undefined || named.name === null) return
	const shown = maskedName(holder, named)
	if ([stated, ...(holder.kind === undefined ? [] : [mask("name", stated)])].some((each) => normalName(each) === normalName(shown))) return
	throw refusal("BAD_INPUT", `户主「${stated.slice(0, 40)}」不是这件请求的权利人;若已开给他人,请回报 FAILED,原因 WRONG_PERSON`)
}

const reported = async (input: Input, desk: Desk): Promise<SubmitResult> => {
	const { status, orderNo, accountNo, reasonCode, reason, occurredAt } = input
	const report: Report = { status, orderNo: orderNo ?? null, accountNo: accountNo ?? null, reasonCode: reasonCode ?? null, reason: reason ?? null }
	const { webhooks } = subscribersOf(desk)
	const about = await reading(desk, (own) => aboutOf(input, own))
	if (status === "opened" && input.holder && about.holder !== null) await checkHolder(input.holder, about.holder, feedOf(desk))
	const at = occurredAt ?? desk.now()
	// What the door refuses as a slip is not kept as the first that was said of the step.
	return sent(desk, at > desk.now() + AHEAD ? reportEvent(about, report, formatMoment(at)) : await firstReport(about, report, at, webhooks))
}

interface ContactNode {
	readonly name: string | null
	readonly phone: string | null
}

const ContactType = builder.objectRef<ContactNode>("Contact").implement({
	description: "Null where it was never said or has been erased",
	fields: (t) => ({
		name: t.string({ nullable: true, resolve: ({ name }) => name }),
		phone: t.string({ nullable: true, resolve: ({ phone }) => phone }),
	}),
})

/** A holder's name and phone, for the company that was given the token, while what it was given for stands. */
const redeemed = async (token: string, company: string, purpose: string, desk: Desk): Promise<ContactNode> => {
	const feed = feedOf(desk)
	const { subscribers } = desk
	const named = readContactToken(token)
	const wrong = () => refusal("FORBIDDEN", "联系凭证无效,或不是发给此企业的")
	if (named === null || subscribers === null) throw wrong()
	if (purpose.trim() === "") throw refusal("BAD_INPUT", "请写明用途")
	const holder = await reading(desk, async (own): Promise<KeptHolder | null> => {
		const last = await own.snapshot.judged.accountRequest(named.requestId)
		if (last === null || !isContactToken(feed.key, token, { ...named, company: last.company }) || normalForm(last.company) !== normalForm(company))
			throw wrong()
		if (last.revision !== named.revision || last.kind === "CANCEL")
			throw refusal("FORBIDDEN", `请求 ${last.requestId} 已有第 ${last.revision} 版;请用最新一版的联系凭证`)
		const row = (await own.requests(last.unit)).findLast((each) => requestIn(each).requestId === last.requestId && requestIn(each).revision === last.revision)
		return row === undefined ? null : requestIn(row).holder
	})
	if (holder === null) throw wrong()
	await subscribers.webhooks.redeemed({ ...named, company, purpose: purpose.slice(0, 200), at: desk.now() })
	const [found] = await namesOf([holder], feed.people)
	return found ?? { name: null, phone: null }
}

/** The most that are shown of one request. */
const MOST_REDEMPTIONS = 200

const RedemptionType = builder.objectRef<Redemption>("ContactRedemption").implement({
	description: "联系方式查看记录",
	fields: (t) => ({
		revision: t.exposeInt("revision"),
		company: t.exposeString("company"),
		purpose: t.exposeString("purpose"),
		at: t.field({ type: "DateTime", resolve: ({ at }) => at }),
	}),
})

builder.queryField("contactRedemptions", (t) =>
	t.field({
		type: [RedemptionType],
		description: "Who has had the holder's name and phone of a request, the latest first",
		args: { requestId: t.arg.id({ required: true }) },
		resolve: (_, { requestId }, { desk }) => subscribersOf(desk).webhooks.redemptions(String(requestId), MOST_REDEMPTIONS),
	}),
)

builder.mutationFields((t) => ({
	reportAccount: t.field({
		type: SubmitResultType,
		description: "What a company has done with a request; the same again is a DUPLICATE, another thing under the same step a CONFLICT",
		args: { input: t.arg({ type: AccountReport, required: true }) },
		resolve: (_, { input }, { desk }) => reported(input, desk),
	}),
	redeemContact: t.field({
		type: ContactType,
		description: "The holder's name and phone for the contactToken of a request, for the company that was given it; each time is on record with its purpose",
		args: { token: t.arg.string({ required: true }), company: t.arg.string({ required: true }), purpose: t.arg.string({ required: true }) },
		resolve: (_, { token, company, purpose }, { desk }) => redeemed(token, company, purpose, desk),
	}),
}))
