import { linesOf, type Service, type View } from "@yima/lifecycle"
import { type Decimal, type EventKey, inOrder, type LocalDate, type Moment, type RuleContent, startOfDay } from "@yima/schemas"

/** What a rule set changes of one rule. */
export interface Changed {
	readonly off?: boolean
	readonly responsible?: string
}

export type Extra = NonNullable<RuleContent["required"]>[number]

/** 规则集: the parameters of the rules, as adopted by an event, or the default. Tolerances are percent. */
export interface RuleSet {
	/** `name@version`. */
	readonly name: string
	/** By which event, and since when it holds; null: nobody has adopted it. */
	readonly adopted: { readonly by: EventKey; readonly since: Moment } | null
	readonly services: readonly Service[]
	readonly areaTolerance: Decimal
	readonly sumTolerance: Decimal
	readonly ratioTolerance: Decimal
	readonly required: readonly Extra[]
	/** C43: days from the start of D06. */
	readonly registrationLimitDays: number
	readonly officeHours: readonly string[]
	/** D01, in working hours. */
	readonly landCertificateHours: number
	/** D03, D04, D10, in working days. */
	readonly firstRegistrationDays: number
	readonly transferDays: number
	readonly accountDays: number
	readonly requestHoldSeconds: number
	/** 联动过户: from which day on a transfer asks for accounts. */
	readonly accountOpening: Readonly<Record<Service, { readonly goLiveOn: LocalDate }>>
	readonly conditions: Readonly<Record<string, Changed>>
	readonly findings: Readonly<Record<string, Changed>>
	readonly deadlines: Readonly<Record<string, Changed>>
	readonly calendar: { readonly holidays: readonly LocalDate[]; readonly workdays: readonly LocalDate[] }
}

const GO_LIVE = { goLiveOn: "2023-01-01" as LocalDate }

/** What holds where a city has adopted nothing (`semantics.md` §7–10). */
export const DEFAULT: RuleSet = {
	name: "default@1",
	adopted: null,
	services: ["water", "power", "gas", "heat"],
	areaTolerance: "3.00" as Decimal,
	sumTolerance: "1.00" as Decimal,
	ratioTolerance: "1.00" as Decimal,
	required: [],
	registrationLimitDays: 365,
	officeHours: ["09:00-12:00", "13:00-17:00"],
	landCertificateHours: 8,
	firstRegistrationDays: 5,
	transferDays: 1,
	accountDays: 3,
	requestHoldSeconds: 0,
	accountOpening: { water: GO_LIVE, power: GO_LIVE, gas: GO_LIVE, heat: GO_LIVE },
	conditions: {},
	findings: {},
	deadlines: {},
	calendar: { holidays: [], workdays: [] },
}

/** A rule set of this content; what it leaves out is as in the default. */
export const ruleSetOf = (name: string, version: string, { city: _, calendar, ...content }: RuleContent, adopted: RuleSet["adopted"] = null): RuleSet =>
	({ ...DEFAULT, ...content, calendar: { ...DEFAULT.calendar, ...calendar }, name: `${name}@${version}`, adopted }) as RuleSet

/**
 * The rule set in force at a moment: of those adopted, by what the view knows, the one that takes effect last; every view sees what is
 * adopted, for the registry's facts are part of it.
 */
export const ruleSetAt = ({ lines }: Pick<View, "lines">, asOf: Moment): RuleSet => {
	const adopted = linesOf(lines, "registrar.ruleset-adopted")
		.filter((line) => startOfDay(line.says.fromOn) <= asOf)
		.sort((a, b) => startOfDay(a.says.fromOn) - startOfDay(b.says.fromOn) || inOrder(a, b))
		.at(-1)
	if (adopted === undefined) return DEFAULT
	const { ruleSet, fromOn, content } = adopted.says
	return ruleSetOf(ruleSet.name, ruleSet.version, content as RuleContent, { by: adopted.key, since: startOfDay(fromOn) })
}
