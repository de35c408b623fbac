import type { Mutant } from "./mutants.ts"

const rules = (file: string, name: string, from: string, to: string): Mutant => ({ name, file: `libs/rules/src/${file}`, from, to })

/** Mistakes in the rules: each must be caught by the casebook's stories alone. */
export const rulesMutants: readonly Mutant[] = [
	rules("proof.ts", "one part of all will do", "holds: failing.length === 0,", "holds: failing.length < parts.length || parts.length === 0,"),
	rules("proof.ts", "every part of any is asked for", "holds: holding.length > 0,", "holds: holding.length === parts.length,"),
	rules("verdict.ts", "a waiver of what is never waived takes effect", "waived?.holds === true", "waived !== null"),
	rules("verdict.ts", "what is not asked is unmet", 'asked !== null && !asked.holds ? "NOT_APPLICABLE"', 'asked !== null && !asked.holds ? "UNMET"'),
	rules("judgement.ts", "a waiver has no end", "endOfDay(untilOn) <= asOf", "endOfDay(untilOn) <= 0"),
	rules("rule-set.ts", "a rule set takes effect when it is adopted", "startOfDay(line.says.fromOn) <= asOf", "line.time <= asOf"),
	rules("readiness.ts", "a finding that blocks does not block", "blocking.length === 0 && blockingFindings.length === 0", "blocking.length === 0"),
	rules("findings.ts", "a contradiction is settled by word of mouth", 'rule.kind === "breach" &&', ""),
	rules(
		"readiness/p2-land.ts",
		"a terminated grant's premium pays for the next",
		'acts.findLastIndex((line) => line.type === "land.grant-terminated") + 1',
		"0",
	),
	rules("readiness/p3-planning.ts", "a verification that failed verifies", "return last.says.passed", "return last.key !== null"),
	rules("readiness/p3-planning.ts", "a building that the permit leaves out is permitted", "each.revokedAt === null && each.covers", "each.revokedAt === null"),
	rules(
		"readiness/p6-mortgage.ts",
		"a mortgagee's consent frees nothing",
		"if (each.consentedAt !== null)",
		"if (each.consentedAt !== null && each.dischargedAt !== null)",
	),
	rules("readiness/p8-utilities.ts", "any account will do, connected or not", "each.service === service && each.connected", "each.service === service"),
	rules("readiness/u2-paid.ts", "an invoice of any amount will do", "return due === billed", "return standing.length > 0"),
	rules("readiness/u3-deed-tax.ts", "a tax that is not in the treasury is paid", " && each.settled !== false)", ")"),
	rules("readiness/u4-maintenance-fund.ts", "a refunded fund is paid", 'funds.find((each) => each.status === "PAID")', "funds[0]"),
	rules("readiness/u7-area.ts", "exactly three percent is too much", "* 10_000n <= hundredths(base)", "* 10_000n < hundredths(base)"),
	rules("readiness/u9-identity.ts", "an application may leave a buyer out", "if (isEvery && isAll)", "if (isEvery)"),
	rules("readiness/u10-loan.ts", "a mixed payment is no loan", '["loan", "housing-fund-loan", "mixed"]', '["loan", "housing-fund-loan"]'),
	rules(
		"readiness/u6-priority-notice.ts",
		"a buyer's own notice is another's",
		"each.holder === null || !share(same, [each.holder], buyers)",
		"each.holder !== null || buyers.length > 0",
	),
	rules(
		"consistency/c41-filed-late.ts",
		"filed a day later is late already",
		"fact(contract.filedAt >= due,",
		"fact(contract.filedAt >= due - 86_400_000_000,",
	),
	rules("consistency/sold.ts", "a cancelled contract still sells", 'ownContracts(unit).filter((each) => each.status === "LIVE")', "ownContracts(unit)"),
	rules("deadlines/d06-buyer-registration.ts", "ninety days are a hundred", "REGISTRATION_DAYS = 90", "REGISTRATION_DAYS = 100"),
	rules("deadlines.ts", "a retired code owes what its successors owe", "if (isRetired(view)) return []", ""),
]
