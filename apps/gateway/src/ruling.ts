import { randomUUID } from "node:crypto"
import { CONDITION_RULES, FINDING_RULES } from "@yima/rules"
import { formatMoment, type LocalDate, type Scope } from "@yima/schemas"
import { builder } from "./builder.ts"
import { scopeCodeOf } from "./codes.ts"
import { type Desk, reading, sent } from "./desk.ts"
import { judgementOf } from "./judging.ts"
import { DESK, VIEWER } from "./mutation.ts"
import { SubmitResultType } from "./problem-type.ts"
import { refusal } from "./refusal.ts"
import { nowOf } from "./when.ts"

const reasoned = (reason: string, act: string): string => {
	if (reason.trim() === "") throw refusal("BAD_INPUT", `请写明${act}的理由`)
	return reason
}

/** What a registrar rules at a scope, as an event of the registry's own desk. */
const ruled = (type: string, subject: Scope, data: object, desk: Desk) =>
	sent(desk, {
		specversion: "1.0",
		id: randomUUID(),
		source: DESK,
		type: `yima.registrar.${type}.v1`,
		time: formatMoment(desk.now()),
		subject,
		datacontenttype: "application/json",
		data: { ...data, by: VIEWER },
	})

/** A contradiction ends with its facts alone; what is not open cannot be settled. */
const checkSettling = async (scope: Scope, code: string, desk: Desk): Promise<void> => {
	const rule = FINDING_RULES.find((each) => each.code === code)
	if (rule === undefined) throw refusal("BAD_INPUT", `没有编号为「${code.slice(0, 20)}」的异常规则`)
	if (rule.kind === "contradiction") throw refusal("BAD_INPUT", `${code}(${rule.title})由事实决定,矛盾消除后自行消除,不能办结`)
	await reading(desk, async (own) => {
		const node = await judgementOf(scope, nowOf(own), own)
		if (!node?.judgement.findings.some((each) => each.code === code)) throw refusal("BAD_INPUT", `${scope} 上没有未消除的 ${code}(${rule.title})`)
	})
}

builder.mutationFields((t) => ({
	settleFinding: t.field({
		type: SubmitResultType,
		description: "A registrar settles all findings of a code that are open at a scope: the code of the unit, building, parcel or project on which it stands",
		args: { scope: t.arg.string({ required: true }), code: t.arg.string({ required: true }), reason: t.arg.string({ required: true }) },
		resolve: async (_, { scope, code, reason }, { desk }) => {
			const subject = scopeCodeOf(scope)
			const data = { finding: code, reason: reasoned(reason, "办结") }
			await checkSettling(subject, code, desk)
			return ruled("finding-settled", subject, data, desk)
		},
	}),
	waiveCondition: t.field({
		type: SubmitResultType,
		description: "Lets a condition go at a scope and all below it. U1, U3, U5 and P7 are never waived: such a waiver is accepted, without effect",
		args: {
			scope: t.arg.string({ required: true }),
			condition: t.arg.string({ required: true }),
			reason: t.arg.string({ required: true }),
			untilOn: t.arg({ type: "Date" }),
		},
		resolve: (_, { scope, condition, reason, untilOn }, { desk }) => {
			const subject = scopeCodeOf(scope)
			if (!CONDITION_RULES.some((rule) => rule.id === condition)) throw refusal("BAD_INPUT", `没有编号为「${condition.slice(0, 20)}」的条件`)
			const until: { readonly untilOn?: LocalDate } = untilOn === null || untilOn === undefined ? {} : { untilOn }
			return ruled("condition-waived", subject, { condition, reason: reasoned(reason, "豁免"), ...until }, desk)
		},
	}),
}))
