import { gluedOf, idKindOf, type Party } from "./party.ts"
import type { Value } from "./value.ts"

/** Nothing is stated: the field stays away. */
export const ABSENT = Symbol("absent")
export type Maybe<A> = A | typeof ABSENT

/** What a template is filled with. `fault` notes what is wrong; what is built then is of no use. */
export interface Filling {
	readonly value: (column: string) => Maybe<Value>
	readonly fault: (code: "party" | "list", column: string, message: string) => void
	readonly organisations: Readonly<Record<string, string>>
	/** The rows of the group, each as a filling of its own. */
	readonly rows: readonly Filling[]
}

/**
 * A profile's `data`, read as: a text is the column of that name; `{is: x}` is x itself; `{join: [...]}` puts texts together; `{party:
 * {name, number, kind, phone}}` and `{parties: {…, share}}` make persons and organisations of columns, joined cells side by side; `{rows:
 * …}` repeats for each row of a group; any other object or list is built of what it holds. What no column states stays away.
 */
export const fill = (template: unknown, filling: Filling): Maybe<unknown> => {
	if (typeof template === "string") return filling.value(template)
	if (Array.isArray(template)) {
		const entries = template.map((each) => fill(each, filling)).filter((each) => each !== ABSENT)
		return entries.length === 0 ? ABSENT : entries.flat()
	}
	if (typeof template !== "object" || template === null) return template
	if ("is" in template) return template.is
	if ("join" in template) return joined(template.join, filling)
	if ("party" in template) return parties(template.party as PartyTemplate, filling)[0] ?? ABSENT
	if ("parties" in template) return orAbsent(parties(template.parties as PartyTemplate, filling))
	if ("rows" in template) return orAbsent(filling.rows.map((row) => fill(template.rows, row)).filter((each) => each !== ABSENT))
	const fields = Object.entries(template).map(([name, each]) => [name, fill(each, filling), isConstant(each)] as const)
	const isStated = fields.some(([, value, constant]) => value !== ABSENT && !constant) || fields.every(([, , constant]) => constant)
	return isStated ? Object.fromEntries(fields.flatMap(([name, value]) => (value === ABSENT ? [] : [[name, value]]))) : ABSENT
}

const isConstant = (template: unknown): boolean => typeof template === "object" && template !== null && "is" in template

const orAbsent = <A>(list: readonly A[]): Maybe<readonly A[]> => (list.length === 0 ? ABSENT : list)

const joined = (parts: unknown, filling: Filling): Maybe<string> => {
	const texts = (parts as readonly unknown[]).map((each) => fill(each, filling))
	return texts.some((each) => each === ABSENT) ? ABSENT : texts.join("")
}

interface PartyTemplate {
	readonly name: string
	readonly number?: string
	readonly kind?: string
	readonly phone?: string
	readonly share?: string
}

const textsOf = (value: Maybe<Value>): readonly string[] => (value === ABSENT ? [] : typeof value === "object" ? value : [String(value)])

const parties = ({ name, number, kind, phone, share }: PartyTemplate, filling: Filling): readonly Party[] => {
	const column = (named: string | undefined) => (named === undefined ? [] : textsOf(filling.value(named)))
	const [names, numbers, kinds, phones, shares] = [column(name), column(number), column(kind), column(phone), column(share)]
	for (const [named, some] of [
		[number, numbers],
		[share, shares],
		[phone, phones],
	] as const)
		if (named !== undefined && some.length > 0 && some.length !== names.length) {
			filling.fault("list", named, `「${name}」有 ${names.length} 项,此列有 ${some.length} 项`)
			return []
		}
	return names.flatMap((written, at): readonly Party[] => {
		const glued = gluedOf(written)
		const found = numbers[at] ?? glued?.number ?? filling.organisations[written]
		if (found === undefined) {
			filling.fault("party", number ?? name, `「${name}」没有证件号或统一社会信用代码;单位可在方案的 organisations 中写明`)
			return []
		}
		const [phoned, part] = [phones[at], shares[at]]
		return [
			{
				name: glued?.name ?? written,
				idKind: idKindOf(found, kinds[at] ?? (kinds.length === 1 ? kinds[0] : undefined)),
				idNumber: found,
				...(phoned === undefined ? {} : { phone: phoned }),
				...(part === undefined ? {} : { share: part }),
			},
		]
	})
}

const FIELDS: Readonly<Record<string, keyof PartyTemplate>> = { name: "name", idNumber: "number", idKind: "number", phone: "phone", share: "share" }

/** The column behind a place in what a template gave; null: none. */
export const columnBehind = (template: unknown, [step, ...rest]: readonly string[]): string | null => {
	if (typeof template === "string") return template
	if (typeof template !== "object" || template === null) return null
	if (Array.isArray(template)) return columnBehind(template[Number(step)] ?? template[0], rest)
	if ("join" in template) return (template.join as readonly unknown[]).find((each) => typeof each === "string") ?? null
	if ("party" in template || "parties" in template) {
		const of = ("party" in template ? template.party : template.parties) as PartyTemplate
		const field = "party" in template ? step : rest[0]
		return of[FIELDS[field ?? ""] ?? "name"] ?? of.name
	}
	if ("rows" in template) return columnBehind(template.rows, rest)
	return step !== undefined && Object.hasOwn(template, step) ? columnBehind((template as Readonly<Record<string, unknown>>)[step], rest) : null
}
