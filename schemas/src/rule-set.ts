import { Schema } from "effect"
import { choice, count, date, decimal, list, optional, rule, struct, text } from "./fields.ts"

const services = choice("water", "power", "gas", "heat")

/** A stretch of a working day, `09:00-12:00`. */
const officeHours = Schema.String.check(
	rule<string>(
		"text",
		(value) =>
			/^(?:[01]\d|2[0-3]):[0-5]\d-(?:[01]\d|2[0-4]):[0-5]\d$/.test(value) && value.slice(0, 5) < value.slice(6) ? undefined : "应为起止时刻,如 09:00-12:00",
		{
			pattern: "^[0-2][0-9]:[0-5][0-9]-[0-2][0-9]:[0-5][0-9]$",
		},
	),
)

/** A condition or finding of a rule set that is switched off, or is another department's. */
const changed = struct({ off: optional(Schema.Boolean), responsible: optional(text(100)) })

const PERMITTED_EXTRAS = ["survey-accepted", "common-parts", "main-meter-settled", "identity-verified", "purchase-cleared", "handover-notified"] as const

/**
 * 规则内容: what a city may decide of the rules, as data (`registrar.ruleset-adopted`, content). What is left out is as in the rules'
 * own default. Tolerances are percent.
 */
export const RuleContent = struct({
	city: optional(text(100)),
	services: optional(list(services)),
	areaTolerance: optional(decimal),
	sumTolerance: optional(decimal),
	ratioTolerance: optional(decimal),
	required: optional(list(choice(...PERMITTED_EXTRAS))),
	registrationLimitDays: optional(count),
	officeHours: optional(list(officeHours)),
	landCertificateHours: optional(count),
	firstRegistrationDays: optional(count),
	transferDays: optional(count),
	accountDays: optional(count),
	requestHoldSeconds: optional(count),
	accountOpening: optional(Schema.Record(services, struct({ goLiveOn: date }))),
	conditions: optional(Schema.Record(text(10), changed)),
	findings: optional(Schema.Record(text(10), changed)),
	deadlines: optional(Schema.Record(text(10), changed)),
	calendar: optional(struct({ holidays: optional(list(date)), workdays: optional(list(date)) })),
})
export type RuleContent = typeof RuleContent.Type
