import { createHash } from "node:crypto"
import { type TypeName, wireTypeOf } from "@yima/schemas"
import { plain } from "./cell.ts"
import type { Profile, Said } from "./profile.ts"
import type { SheetProblem, SheetProblemCode } from "./sheet-problem.ts"
import type { SheetRecord, Table } from "./table.ts"
import { ABSENT, columnBehind, type Filling, fill, type Maybe } from "./template.ts"
import { isNothing, readValue, type Value } from "./value.ts"

/** What a row says, but for its identity: the rest of a CloudEvent. */
export interface Draft {
	readonly type: TypeName
	readonly subject: string | null
	readonly time: string
	readonly data: unknown
}

/** One row, or one group of rows, as a profile reads it. Either problems or drafts. */
export interface Reading {
	/** Names the row for ever; null where it cannot be told. */
	readonly key: string | null
	readonly rows: readonly SheetRecord[]
	readonly drafts: readonly Draft[]
	readonly problems: readonly SheetProblem[]
}

/** The longest key: ids have 200 characters, and end with the number of a version. */
const LONGEST_KEY = 180

/** One row's values, each read once, and what is wrong with those that were asked for. */
class Values implements Filling {
	readonly problems: SheetProblem[] = []
	readonly organisations: Readonly<Record<string, string>>
	/** Those of the rows that it heads, itself among them. */
	rows: readonly Filling[] = []
	readonly #profile: Profile
	readonly #record: SheetRecord
	readonly #table: Pick<Table, "columns">
	readonly #read = new Map<string, Maybe<Value>>()

	constructor(profile: Profile, record: SheetRecord, table: Pick<Table, "columns">) {
		this.#profile = profile
		this.#record = record
		this.#table = table
		this.organisations = profile.organisations ?? {}
	}

	value = (name: string): Maybe<Value> => {
		const known = this.#read.get(name)
		if (known !== undefined) return known
		const value = this.#readOne(name)
		this.#read.set(name, value)
		return value
	}

	fault = (code: SheetProblemCode, name: string, message: string): void => {
		const heading = this.#table.columns.get(name)?.heading ?? name
		this.problems.push({ code, column: heading, value: this.#record.cells.get(name)?.text ?? "", message })
	}

	/** Notes what is required and not there. */
	mustHave(): void {
		for (const name of Object.keys(this.#profile.columns))
			if (this.isRequired(name) && this.value(name) === ABSENT && this.shown(name) === null) this.fault("required", name, "必填的列为空")
	}

	isRequired(name: string): boolean {
		return this.#profile.columns[name]?.required === true
	}

	/** What is printed; null where nothing is, or only a mark for it. */
	shown(name: string): string | null {
		const [cell, column] = [this.#record.cells.get(name), this.#profile.columns[name]]
		return cell === undefined || column === undefined || isNothing(cell.text, column) ? null : cell.text
	}

	#readOne(name: string): Maybe<Value> {
		const [cell, column] = [this.#record.cells.get(name), this.#profile.columns[name]]
		if (column === undefined) return ABSENT
		if (cell === undefined || isNothing(cell.text, column)) return ABSENT
		const read = readValue(cell, column, this.#table.columns.get(name)?.unit ?? null)
		if ("value" in read) return read.value
		this.fault(read.wrong, name, read.message)
		return ABSENT
	}
}

const isMet = (when: NonNullable<Said["when"]>, values: Values): boolean =>
	Object.entries(when).every(([name, texts]) => {
		const shown = values.shown(name)
		return shown !== null && (texts === "*" || texts.some((each) => plain(each) === plain(shown)))
	})

const momentOf = (text: string): string => (text.length === 10 ? `${text}T00:00:00+08:00` : text)

const draftOf = ({ type, time, subject, data }: Said, values: Values): Draft => {
	const at = values.value(time)
	if (at === ABSENT && values.shown(time) === null && !values.isRequired(time)) values.fault("required", time, "没有事情发生的时间")
	const about = subject === undefined ? ABSENT : values.value(subject.replace(/^project:/, ""))
	const named = about === ABSENT ? null : subject?.startsWith("project:") ? `project:${about}` : String(about)
	const filled = fill(data, values)
	return { type, subject: named, time: at === ABSENT ? "" : momentOf(String(at)), data: filled === ABSENT ? {} : filled }
}

/** What names a row for ever; null where some of it is missing or wrong. */
const keyOf = ({ key }: Profile, values: Values): string | null => {
	const parts = key.map((name) => values.value(name))
	return parts.some((part) => part === ABSENT) ? null : parts.map((part) => plain(String(part))).join("/")
}

/** Reads one row, or the rows of one group. */
export const readRows = (profile: Profile, table: Pick<Table, "columns">, rows: readonly SheetRecord[]): Reading => {
	const all = rows.map((row) => new Values(profile, row, table))
	const [head, ...others] = all
	if (head === undefined) throw new Error("a reading has a row")
	head.rows = all
	const whole = (code: SheetProblemCode, message: string): SheetProblem => ({ code, column: "", value: "", message })
	const problems: SheetProblem[] = []
	if (rows.some((row) => row.isHidden)) problems.push(whole("hidden", "隐藏的行不导入;请取消隐藏或筛选后再导入"))
	if (rows.some((row) => row.isTooLong)) problems.push(whole("columns", "表头以外还有内容;含逗号的值应加引号"))
	for (const values of others) values.mustHave()
	const key = keyOf(profile, head)
	if (key !== null && key.length > LONGEST_KEY) problems.push(whole("text", `行的键共 ${key.length} 字,最多 ${LONGEST_KEY} 字`))
	const drafts = profile.events.filter(({ when }) => when === undefined || isMet(when, head)).map((said) => draftOf(said, head))
	head.mustHave()
	const found = [...problems, ...unique(all.flatMap((values) => values.problems))]
	return { key, rows, drafts: found.length === 0 ? drafts : [], problems: found }
}

const unique = (problems: readonly SheetProblem[]): readonly SheetProblem[] => [...new Map(problems.map((each) => [JSON.stringify(each), each])).values()]

/** The event that a draft is, under an id. `corrects`: of the version that it replaces. */
export const cloudEvent = (
	{ source }: Pick<Profile, "source">,
	{ type, subject, time, data }: Draft,
	id: string,
	corrects: string | null,
): Readonly<Record<string, unknown>> => ({
	specversion: "1.0",
	id,
	source,
	type: wireTypeOf(type),
	...(subject === null ? {} : { subject }),
	time,
	...(corrects === null ? {} : { corrects }),
	data,
})

/** What the door found wrong with an event, as what is wrong with the row that it was made of. */
export const behind = (
	profile: Profile,
	table: Pick<Table, "columns">,
	{ type }: Draft,
	{ code, pointer, message }: { readonly code: string; readonly pointer: string; readonly message: string },
	row: SheetRecord,
): SheetProblem => {
	const said = profile.events.find((each) => each.type === type)
	const [, field, ...rest] = pointer.split("/")
	const name = field === "time" ? said?.time : field === "subject" ? said?.subject : field === "data" ? columnBehind(said?.data, rest) : null
	const column = name === null || name === undefined ? "" : (table.columns.get(name)?.heading ?? name)
	const isConflict = code === "conflict"
	return {
		code: isConflict ? "conflict" : "event",
		column,
		value: name ? (row.cells.get(name)?.text ?? "") : "",
		message: `${message}(${code}${pointer === "" ? "" : ` ${pointer}`})`,
	}
}

const digest = (value: unknown): string => createHash("sha256").update(JSON.stringify(value)).digest("base64").slice(0, 16)

/** Reads a table row by row, or group by group; a key that comes twice with different contents is a problem of the later row. */
export async function* readings(profile: Profile, table: Table): AsyncGenerator<Reading> {
	if (profile.gathered === true) {
		yield* gathered(profile, table)
		return
	}
	const seen = new Map<string, string>()
	for await (const record of table.records) {
		const reading = readRows(profile, table, [record])
		if (reading.key !== null && reading.problems.length === 0) {
			const mark = digest(reading.drafts)
			const other = seen.get(reading.key)
			if (other === mark) continue
			if (other !== undefined) {
				yield {
					...reading,
					drafts: [],
					problems: [{ code: "key-repeated", column: profile.key.join("、"), value: reading.key, message: "此键在表中已出现过,内容不同;请核对哪一行是对的" }],
				}
				continue
			}
			seen.set(reading.key, mark)
		}
		yield reading
	}
}

/** Groups are whole only when the table has been read: a list that lacks its last rows would be a wrong list. */
async function* gathered(profile: Profile, table: Table): AsyncGenerator<Reading> {
	const groups = new Map<string, SheetRecord[]>()
	for await (const record of table.records) {
		const key = keyOf(profile, new Values(profile, record, table))
		if (key === null) {
			yield readRows({ ...profile, events: [] }, table, [record])
			continue
		}
		const group = groups.get(key) ?? []
		groups.set(key, group)
		group.push(record)
	}
	for (const rows of groups.values()) {
		const reading = readRows(profile, table, rows)
		if (reading.problems.length === 0) yield reading
		else yield* apart(profile, table, reading)
	}
}

/** A group with a wrong row goes in as a whole once it is right: each row bears its own problem, or that another has one. */
function* apart(profile: Profile, table: Table, { key, rows, problems }: Reading): Generator<Reading> {
	for (const row of rows) {
		const own = readRows(profile, table, [row]).problems
		const other: SheetProblem = {
			code: "gathered",
			column: "",
			value: "",
			message: `同组(${key})的另一行有误,整组改好后一并导入:${problems[0]?.message ?? ""}`,
		}
		yield { key, rows: [row], drafts: [], problems: own.length > 0 ? own : [other] }
	}
}
