import { TYPE_NAMES, type TypeName } from "@yima/schemas"
import { Result, Schema } from "effect"
import { parse } from "yaml"
import { isAreaUnit, isMoneyUnit } from "./amount.ts"
import { plain } from "./cell.ts"

/** How a column's text is read. */
export const KINDS = [
	"text",
	"date",
	"moment",
	"money",
	"area",
	"decimal",
	"integer",
	"yes-no",
	"choice",
	"list",
	"unit-code",
	"building-code",
	"parcel-code",
	"code",
] as const
export type Kind = (typeof KINDS)[number]

const Column = Schema.Struct({
	/** As departments print them; blanks, brackets and units in brackets make no difference. */
	headings: Schema.Array(Schema.String),
	as: Schema.Literals(KINDS),
	/** Of a column whose heading and values name none. */
	unit: Schema.optionalKey(Schema.String),
	/** What is printed, and what it means. */
	choices: Schema.optionalKey(Schema.Record(Schema.String, Schema.String)),
	required: Schema.optionalKey(Schema.Boolean),
	/** What is printed where nothing is known. */
	empty: Schema.optionalKey(Schema.Array(Schema.String)),
})
export type Column = typeof Column.Type

/** A column, by what it must show: one of these texts, or anything (`"*"`). */
const When = Schema.Record(Schema.String, Schema.Union([Schema.Literal("*"), Schema.Array(Schema.String)]))

const Said = Schema.Struct({
	type: Schema.Literals(TYPE_NAMES as readonly [TypeName, ...TypeName[]]),
	when: Schema.optionalKey(When),
	/** The column with the time at which it happened. */
	time: Schema.String,
	/** The column with the code that it is about; `project:<column>`: with the project's. */
	subject: Schema.optionalKey(Schema.String),
	/** What stands in the event's data: see `template.ts`. */
	data: Schema.Record(Schema.String, Schema.Unknown),
})
export type Said = typeof Said.Type

const Example = Schema.Struct({
	about: Schema.String,
	row: Schema.Record(Schema.String, Schema.String),
	/** Rows of the same group, where rows are gathered. */
	rows: Schema.optionalKey(Schema.Array(Schema.Record(Schema.String, Schema.String))),
	gives: Schema.optionalKey(Schema.Array(Schema.String)),
	fails: Schema.optionalKey(Schema.Struct({ column: Schema.String, code: Schema.String })),
})
export type Example = typeof Example.Type

const Shape = Schema.Struct({
	title: Schema.String,
	/** Who makes the sheet. */
	department: Schema.String,
	/** Of the events that are made of it (CloudEvents). */
	source: Schema.String,
	/** Whether a row that was there and is no longer is to be told of. */
	complete: Schema.optionalKey(Schema.Boolean),
	/** Columns whose texts together name a row for ever. */
	key: Schema.Array(Schema.String),
	/** Rows with one key are one event's list (楼盘表). */
	gathered: Schema.optionalKey(Schema.Boolean),
	columns: Schema.Record(Schema.String, Column),
	/** 统一社会信用代码 of organisations that the sheet knows by name alone. */
	organisations: Schema.optionalKey(Schema.Record(Schema.String, Schema.String)),
	events: Schema.Array(Said),
	examples: Schema.Array(Example),
})

/** How one department's sheet becomes events (映射方案). */
export interface Profile extends Schema.Schema.Type<typeof Shape> {
	readonly name: string
}

/** A profile that cannot be used; every reason at once. */
export class ProfileWrong extends Error {
	readonly _tag = "ProfileWrong"
	/** Its name. */
	readonly profile: string
	readonly reasons: readonly string[]
	constructor(name: string, reasons: readonly string[]) {
		super(`映射方案 ${name} 有误:\n${reasons.map((each) => `  ${each}`).join("\n")}`)
		this.profile = name
		this.reasons = reasons
	}
}

const decode = Schema.decodeUnknownResult(Shape, { errors: "all", onExcessProperty: "error" })

/** The names that a template takes from columns; `template.ts` says how. */
const namedIn = (template: unknown): readonly string[] => {
	if (typeof template === "string") return [template]
	if (Array.isArray(template)) return template.flatMap(namedIn)
	if (typeof template !== "object" || template === null) return []
	return "is" in template ? [] : Object.values(template).flatMap(namedIn)
}

const problemsOf = ({ key, columns, events, gathered }: typeof Shape.Type): readonly string[] => {
	const found: string[] = []
	const known = (column: string, where: string) => {
		if (!Object.hasOwn(columns, column)) found.push(`${where}:没有列「${column}」`)
	}
	for (const column of key) {
		known(column, "key")
		if (columns[column]?.required !== true) found.push(`key:列「${column}」应为 required`)
	}
	if (key.length === 0) found.push("key:至少一列")
	const headings = new Map<string, string>()
	for (const [name, { headings: all, as, unit, choices }] of Object.entries(columns)) {
		if (all.length === 0) found.push(`columns/${name}:至少一个表头`)
		for (const heading of all) {
			const other = headings.get(plain(heading))
			if (other !== undefined) found.push(`columns/${name}:表头「${heading}」已属于列「${other}」`)
			headings.set(plain(heading), name)
		}
		if ((as === "choice") !== (choices !== undefined)) found.push(`columns/${name}:choice 与 choices 应同时出现`)
		if (unit !== undefined && !(as === "money" ? isMoneyUnit(unit) : as === "area" && isAreaUnit(unit))) found.push(`columns/${name}:没有单位「${unit}」`)
	}
	for (const { type, when = {}, time, subject, data } of events) {
		const asTime = columns[time]?.as
		known(time, `${type}/time`)
		if (asTime !== undefined && asTime !== "date" && asTime !== "moment") found.push(`${type}/time:列「${time}」应为 date 或 moment`)
		for (const column of Object.keys(when)) known(column, `${type}/when`)
		if (subject !== undefined) known(subject.replace(/^project:/, ""), `${type}/subject`)
		for (const column of namedIn(data)) known(column, `${type}/data`)
	}
	if (new Set(events.map((each) => each.type)).size !== events.length) found.push("events:每种事件至多一次")
	if (gathered === true && events.length !== 1) found.push("events:合并多行的方案只能有一种事件")
	return found
}

/** Reads a profile's YAML. Fails with `ProfileWrong`. */
export const readProfile = (name: string, yaml: string): Profile => {
	let value: unknown
	try {
		value = parse(yaml)
	} catch (error) {
		throw new ProfileWrong(name, [error instanceof Error ? error.message : String(error)])
	}
	const decoded = decode(value)
	if (Result.isFailure(decoded)) throw new ProfileWrong(name, String(decoded.failure).split("\n"))
	const reasons = problemsOf(decoded.success)
	if (reasons.length > 0) throw new ProfileWrong(name, reasons)
	return { name, ...decoded.success }
}
