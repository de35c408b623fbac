import { linesOf, type View } from "@yima/lifecycle"
import type { Moment } from "@yima/schemas"
import { FINDING_RULES } from "./consistency/list.ts"
import { type Finding, type FindingRule, suspicionsOf } from "./finding.ts"
import { isOwn } from "./own.ts"
import { evidenceOf } from "./proof.ts"
import type { Scene } from "./scene.ts"
import { toldApart } from "./told-apart.ts"

/** A registrar has settled it: after the act, on the scope itself or its earlier code (`semantics.md` §8). A contradiction ends with its facts alone. */
const isSettled = (rule: FindingRule, view: View, since: number): boolean =>
	rule.kind === "breach" &&
	linesOf(view.lines, "registrar.finding-settled").some((line) => isOwn(view, line.from) && line.says.finding === rule.code && line.time >= since)

/** It is gone, and others stand in its place. */
const isReplaced = (view: View): boolean => "status" in view && view.status === "RETIRED" && view.successors.length > 0

/** What is open on a scope, decided by its own facts. */
export const findings = (view: View, scene: Scene): readonly Finding[] =>
	FINDING_RULES.flatMap((rule) => {
		const change = scene.ruleSet.findings[rule.code]
		if (change?.off === true || (isReplaced(view) && rule.onRetired !== true)) return []
		return toldApart(suspicionsOf(rule, view, scene)).flatMap(({ on, severity = rule.severity, since, saidAt = since, proof, clearedBy = rule.clearedBy }) =>
			isSettled(rule, view, Math.max(since, saidAt))
				? []
				: [
						{
							code: rule.code,
							on,
							title: rule.title,
							severity,
							scope: view.code,
							responsible: change?.responsible ?? rule.responsible,
							basis: rule.basis,
							since,
							explanation: proof.statement,
							proof,
							evidence: evidenceOf(proof),
							...(clearedBy === undefined ? {} : { clearedBy }),
						},
					],
		)
	})

/** The next moment at which time alone raises a finding; null: none that is known of. */
export const nextFinding = (view: View, scene: Scene): Moment | null => {
	const later = FINDING_RULES.flatMap((rule) => (view.is === "unit" ? (rule.due?.(view, scene) ?? []) : [])).filter((each) => each > scene.asOf)
	return later.length === 0 ? null : (Math.min(...later) as Moment)
}
