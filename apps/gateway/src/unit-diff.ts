import type { Unit, Who } from "@yima/lifecycle"
import type { RuleSet } from "@yima/rules"
import { type EventKey, equal, formatMoment } from "@yima/schemas"
import { builder } from "./builder.ts"
import { unitCodeOf } from "./codes.ts"
import { type JudgedUnit, judgedBy, judgedUnit } from "./judging.ts"
import { type EventNode, EventType, eventIn, type UnitNode } from "./nodes.ts"
import { readingOf } from "./reading-of.ts"
import { refusal } from "./refusal.ts"
import { unitFor } from "./unit.ts"
import { whenOf } from "./when.ts"

/** One thing that can be said of a unit, and what it rests on. */
interface Said {
	readonly title: string
	readonly value: unknown
	readonly events: readonly EventKey[]
}

/** Persons by nothing at all: only whether they are the same ones matters, and that shows in `blind`. */
const shown = ({ name, kind }: Who): string => (kind === undefined ? name : "*")
const who = (all: readonly Who[]) => ({ value: all.map(shown), blind: all.map(({ id, name, share }) => [id, name, share]) })

interface Portrayed extends Said {
	/** What tells two values apart where what is shown does not. */
	readonly blind?: unknown
}

type Portrait = ReadonlyMap<string, Portrayed>

/** Everything that a unit's facts say, by path. */
const factsOf = ({ own: { view }, stage, milestones }: JudgedUnit): Portrait => {
	const said = new Map<string, Portrayed>()
	const say = (path: string, title: string, value: unknown, events: readonly (EventKey | null)[], blind?: unknown) => {
		if (value !== null && value !== undefined)
			said.set(path, { title, value, events: events.filter((each) => each !== null), ...(blind === undefined ? {} : { blind }) })
	}
	const { area, certificate } = view
	const surveys = [view.measuredBy, view.predictedBy]
	say("status", "状态", view.status, [...surveys, ...view.successors.map((each) => each.event)])
	say("stage", "阶段", stage, milestones.at(-1)?.because ?? [])
	for (const { stage: held, since, because } of milestones) say(`milestones/${held}`, `里程碑 ${held}`, formatMoment(since), because)
	for (const [field, title] of PLAIN) say(field, title, view[field], surveys)
	say(
		"project",
		"项目",
		view.project,
		view.lines.flatMap((line) => (line.from === view.project ? [line.key] : [])),
	)
	say("area/predicted", "预测面积", area.predicted, [view.predictedBy])
	say("area/measured", "实测面积", area.measured, [view.measuredBy])
	say(
		"area/contracted",
		"合同面积",
		area.contracted,
		view.contracts.flatMap((each) => each.events),
	)
	if (certificate !== null) {
		const { value, blind } = who(certificate.holders)
		say("certificate/certificateNo", "不动产权证号", certificate.certificateNo, certificate.events)
		say("holders", "权利人", value, certificate.events, blind)
	}
	for (const each of view.contracts) {
		const at = `contracts/${each.contractNo}`
		const { value, blind } = who(each.buyers)
		say(`${at}/status`, `合同 ${each.contractNo} 状态`, each.status, each.events)
		say(`${at}/buyers`, `合同 ${each.contractNo} 买受人`, value, each.events, blind)
		say(`${at}/areaM2`, `合同 ${each.contractNo} 面积`, each.areaM2, each.events)
		say(`${at}/totalPriceCny`, `合同 ${each.contractNo} 总价`, each.totalPriceCny, each.events)
		say(`${at}/paidInFull`, `合同 ${each.contractNo} 房款结清`, each.paidInFull, each.events)
		say(`${at}/handoverDueOn`, `合同 ${each.contractNo} 约定交付日期`, each.handoverDueOn, each.events)
		for (const invoice of each.invoices) say(`${at}/invoices/${invoice.invoiceNo}`, `发票 ${invoice.invoiceNo} 作废`, invoice.voided, [invoice.event])
	}
	for (const each of view.taxReceipts)
		say(`taxReceipts/${each.kind}/${each.receiptNo ?? each.event}`, each.kind === "DEED_TAX" ? "契税" : "维修资金", each.status, each.events)
	for (const each of view.mortgages) {
		say(`mortgages/${each.proofNo}/active`, `抵押 ${each.proofNo} 有效`, each.active, each.events)
		say(`mortgages/${each.proofNo}/saleConsented`, `抵押 ${each.proofNo} 同意销售`, each.consentedAt !== null, each.events)
		say(`mortgages/${each.proofNo}/debtCny`, `抵押 ${each.proofNo} 债权数额`, each.debtCny, each.events)
	}
	for (const each of view.seizures) {
		say(`seizures/${each.seizureNo}/state`, `查封 ${each.seizureNo}`, each.state, each.events)
		say(`seizures/${each.seizureNo}/to`, `查封 ${each.seizureNo} 至`, each.to === null ? null : formatMoment(each.to), each.events)
	}
	for (const each of view.restrictions) say(`restrictions/${each.kind}/${each.proofNo}`, `限制 ${each.proofNo} 有效`, each.active, each.events)
	for (const each of view.permits) say(`permits/${each.kind}/${each.permitNo}`, `许可证 ${each.permitNo} 有效`, each.inForce, each.events)
	for (const each of view.utilityAccounts) {
		say(`utilityAccounts/${each.service}/${each.company}/status`, `${each.company} 开户`, each.status, each.events)
		say(`utilityAccounts/${each.service}/${each.company}/accountNo`, `${each.company} 户号`, each.accountNo, each.events)
	}
	for (const each of view.predecessors) say(`predecessors/${each.from}`, `来自 ${each.from}`, each.kind, [each.event])
	for (const each of view.successors) say(`successors/${each.to}`, `变为 ${each.to}`, each.kind, [each.event])
	return said
}

/** The status of each condition. */
const conditionsOf = ({ readiness }: JudgedUnit): Portrait =>
	new Map(readiness.conditions.map(({ id, title, status, evidence }) => [`conditions/${id}`, { title: `${id} ${title}`, value: status, events: evidence }]))

/** The severity of each finding that is open, its own or inherited. */
const findingsOf = ({ own, above }: JudgedUnit): Portrait =>
	new Map(
		[own, ...above].flatMap(({ judgement }) =>
			judgement.findings.map(({ code, on, title, severity, evidence }) => [
				`findings/${code}/${on}`,
				{ title: `${code} ${title}`, value: severity, events: evidence },
			]),
		),
	)

const PLAIN = [
	["address", "坐落"],
	["floor", "层"],
	["room", "房号"],
	["use", "用途"],
] as const satisfies readonly (readonly [keyof Unit, string])[]

export interface ChangeNode {
	readonly path: string
	readonly title: string
	readonly before: unknown
	readonly after: unknown
	readonly causedBy: readonly EventNode[]
}

export const FactChange = builder.objectRef<ChangeNode>("FactChange").implement({
	fields: (t) => ({
		path: t.exposeString("path"),
		title: t.exposeString("title"),
		before: t.field({ type: "JSON", nullable: true, resolve: ({ before }) => before }),
		after: t.field({ type: "JSON", nullable: true, resolve: ({ after }) => after }),
		causedBy: t.field({ type: [EventType], resolve: ({ causedBy }) => causedBy }),
	}),
})

const NOTHING: Portrait = new Map()

/** The events that one timeline has otherwise than the other: what was learned, corrected or retracted, or happened, in between. */
const moved = (before: UnitNode | null, after: UnitNode | null): ReadonlySet<EventKey> => {
	const [old, now] = [before, after].map((node) => new Map(node?.view.timeline.map(({ key, fact }) => [key, fact])))
	const keys = new Set([...(old?.keys() ?? []), ...(now?.keys() ?? [])])
	return new Set([...keys].filter((key) => !equal(old?.get(key), now?.get(key))))
}

/** A unit at two moments, with what lies between them. */
interface Between {
	readonly before: JudgedUnit | null
	readonly after: JudgedUnit | null
	readonly changed: ReadonlySet<EventKey>
}

/** Where another rule set was in force: its adoption, or that of the former, which has ended; and what the former would say of the unit as it is now. */
const ruledAnew = (before: JudgedUnit | null, after: JudgedUnit | null): { readonly by: EventKey; readonly former: JudgedUnit } | null => {
	if (before === null || after === null) return null
	const [was, is] = [before, after].map(({ own }) => own.judgement.scene.ruleSet) as [RuleSet, RuleSet]
	const by = (is.adopted ?? was.adopted)?.by
	return by === undefined || was.adopted?.by === is.adopted?.by ? null : { by, former: judgedBy(after, was) }
}

const changesIn = ({ before, after, changed }: Between, portray: (unit: JudgedUnit) => Portrait): readonly ChangeNode[] => {
	const [old, now] = [before, after].map((unit) => (unit === null ? NOTHING : portray(unit))) as [Portrait, Portrait]
	const ruled = ruledAnew(before, after)
	const former = ruled === null ? now : portray(ruled.former)
	const event = (key: EventKey): EventNode | null => {
		const [first, second] = [after, before].flatMap((unit) => (unit === null ? [] : [eventIn(unit.own, key)]))
		return first?.seen ? first : (second ?? first ?? null)
	}
	return [...new Set([...old.keys(), ...now.keys()])].sort().flatMap((path): readonly ChangeNode[] => {
		const [was, is] = [old.get(path), now.get(path)]
		if (equal([was?.value, was?.blind], [is?.value, is?.blind])) return []
		const rests = [...new Set([...(is?.events ?? []), ...(was?.events ?? [])])]
		const adoption = ruled !== null && !equal(former.get(path)?.value, is?.value) ? [ruled.by] : []
		const causes = [...rests.filter((key) => changed.has(key) && !adoption.includes(key)), ...adoption]
		return [
			{
				path,
				title: is?.title ?? was?.title ?? path,
				before: was?.value ?? null,
				after: is?.value ?? null,
				// Where time alone made the difference, what it rests on is told.
				causedBy: (causes.length > 0 ? causes : rests).map(event).filter((each) => each !== null),
			},
		]
	})
}

const UnitDiff = builder.objectRef<Between>("UnitDiff").implement({
	fields: (t) => ({
		facts: t.field({ type: [FactChange], resolve: (between) => changesIn(between, factsOf) }),
		conditions: t.field({
			type: [FactChange],
			description: "conditions/<id>: the status of a condition",
			resolve: (between) => changesIn(between, conditionsOf),
		}),
		findings: t.field({
			type: [FactChange],
			description: "findings/<code>/<on>: the severity of a finding, its own or inherited; null: it is not open",
			resolve: (between) => changesIn(between, findingsOf),
		}),
	}),
})

const MomentInput = builder.inputType("MomentInput", {
	description: "asOf: valid time; knownAt: recorded time, a future one is BAD_INPUT",
	fields: (t) => ({ asOf: t.field({ type: "DateTime" }), knownAt: t.field({ type: "DateTime" }) }),
})

builder.queryField("unitDiff", (t) =>
	t.field({
		type: UnitDiff,
		description: "What differs in a unit between two moments: facts, conditions, findings, and the events that made each difference",
		args: {
			code: t.arg({ type: "UnitCode", required: true }),
			from: t.arg({ type: MomentInput, required: true }),
			to: t.arg({ type: MomentInput, required: true }),
		},
		resolve: async (_, { code, from, to }, context) => {
			const reading = readingOf(context)
			const unit = unitCodeOf(code)
			const [before, after] = await Promise.all([unitFor(unit, whenOf(from, reading), reading), unitFor(unit, whenOf(to, reading), reading)])
			if (before === null && after === null) throw refusal("NOT_FOUND", `到这两个时点为止,还没有来文提到 ${unit}`)
			const [was, is] = await Promise.all([before, after].map((node) => (node === null ? null : judgedUnit(node))))
			return { before: was ?? null, after: is ?? null, changed: moved(before, after) }
		},
	}),
)
