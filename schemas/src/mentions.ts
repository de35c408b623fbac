import type { Mention } from "./event.ts"
import { sealed, type TypeName } from "./events/catalogue.ts"
import { accountNumber, buildingLabel, type Identifier, identifier, type Kind } from "./identifier.ts"
import type { Code } from "./scope.ts"

interface OwnField {
	readonly field: string
	/** Of one kind, or by the event's own `kind` one of several. */
	readonly kind: Kind | Readonly<Record<string, Kind>>
	readonly defines: boolean
}

type Annotated = {
	readonly ast: {
		readonly annotations?: { readonly mention?: OwnField | undefined }
		readonly checks?: readonly { readonly annotations?: { readonly mention?: OwnField | undefined } }[] | undefined
	}
}

/** What `uses` or `defines` said of a field. */
export const annotationOf = (schema: unknown): OwnField | undefined => {
	const { ast } = schema as Annotated
	return ast.checks?.at(-1)?.annotations?.mention ?? ast.annotations?.mention
}

/** Per type: its own fields that are identifiers, as `uses` and `defines` marked them in the type's file. */
export const ownFields: { readonly [T in TypeName]: readonly OwnField[] } = Object.fromEntries(
	Object.entries(sealed).map(([name, type]) => [
		name,
		Object.entries(type.fields).flatMap(([field, schema]) => {
			const marked = annotationOf(schema)
			return marked === undefined ? [] : [{ field, kind: marked.kind, defines: marked.defines }]
		}),
	]),
) as unknown as { readonly [T in TypeName]: readonly OwnField[] }

/** A tax receipt's issuer tells deed tax from maintenance fund (`semantics.md` §2). */
const receiptIssuer = (type: TypeName) => (type.startsWith("tax.maintenance-fund") ? "fund" : "tax")

interface SurveyRow {
	readonly code: Code
	readonly houseCode?: string
	readonly address?: string
}

interface Loose {
	readonly refs?: readonly { readonly kind: Kind; readonly value: string; readonly issuer?: string }[]
	readonly [field: string]: unknown
}

/** Labels stand within the project or the permit that the event names; either leads to the building. */
const labelsOf = (type: TypeName, data: Loose): readonly string[] => {
	if (!("buildingLabels" in sealed[type].fields)) return []
	const rows = (data["perBuilding"] ?? []) as readonly { readonly label?: string; readonly code?: string }[]
	const labels = [
		...((data["buildingLabels"] ?? []) as readonly string[]),
		...rows.flatMap((row) => (row.label !== undefined && row.code === undefined ? [row.label] : [])),
	]
	if (labels.length === 0) return []
	const permit = type === "planning.works-permitted" || type === "planning.permit-amended" ? data["permitNo"] : data["worksPermitNo"]
	const within = [data["projectCode"], permit].filter((each): each is string => typeof each === "string")
	return labels.flatMap((label) => within.map((name) => buildingLabel(name, label).value))
}

/** The identifiers under which one label of an event may be known. */
export const labelIdentifiers = (type: TypeName, data: unknown, label: string): readonly Identifier[] =>
	labelsOf(type, { ...(data as Loose), buildingLabels: [label], perBuilding: [] }).map((value) => ({ kind: "building-label", value, issuer: null }))

/** Every identifier that an event names, in normal form, each once; a definition before a use of the same. */
export const mentionsOf = (type: TypeName, data: unknown): readonly Mention[] => {
	const loose = data as Loose
	const found: Mention[] = []
	const add = (id: Identifier, defines: boolean, entry: Code | null = null) => {
		if (id.value !== "") found.push({ ...id, defines, entry })
	}
	for (const { field, kind, defines } of ownFields[type]) {
		const value = loose[field]
		const its = typeof kind === "string" ? kind : kind[String(loose["kind"])]
		if (typeof value !== "string" || its === undefined) continue
		if (its === "account-no") add(accountNumber(String(loose["company"]), value), defines)
		else add(identifier(its, value, its === "tax-receipt-no" ? receiptIssuer(type) : null), defines)
	}
	const isSurvey = type === "survey.predicted" || type === "survey.measured"
	if (isSurvey) {
		for (const row of loose["units"] as readonly SurveyRow[]) {
			if (row.houseCode !== undefined) add(identifier("house-code", row.houseCode), true, row.code)
			if (row.address !== undefined) add(identifier("address", row.address), true, row.code)
		}
	}
	for (const value of labelsOf(type, loose)) add({ kind: "building-label", value, issuer: null }, isSurvey)
	if (type === "utility.connected")
		for (const { unit, accountNo } of (loose["accounts"] ?? []) as readonly { readonly unit: Code; readonly accountNo: string }[])
			add(accountNumber(String(loose["company"]), accountNo), true, unit)
	for (const ref of loose.refs ?? []) add(identifier(ref.kind, ref.value, ref.issuer ?? null), false)
	return found.length < 2 ? found : once(found)
}

const once = (mentions: readonly Mention[]): readonly Mention[] => {
	const seen = new Map<string, Mention>()
	for (const each of mentions) {
		const key = `${each.kind} ${each.value} ${each.issuer ?? ""} ${each.defines ? (each.entry ?? "") : "use"}`
		if (!seen.has(key)) seen.set(key, each)
	}
	const defined = new Set<string>()
	for (const each of mentions) if (each.defines) for (const issuer of ["", each.issuer ?? ""]) defined.add(`${each.kind} ${each.value} ${issuer}`)
	return [...seen.values()].filter((each) => each.defines || !defined.has(`${each.kind} ${each.value} ${each.issuer ?? ""}`))
}

/** The list of a type whose entries define identifiers, each for the code that it names. */
const DEFINING_LISTS: { readonly [T in TypeName]?: { readonly field: string; readonly code: string } } = {
	"survey.predicted": { field: "units", code: "code" },
	"survey.measured": { field: "units", code: "code" },
	"utility.connected": { field: "accounts", code: "unit" },
}

/** The data with only those entries of its defining list that `about` accepts: a building's list has hundreds, of which a flat is one. */
const withEntries = (type: TypeName, data: unknown, about: (code: string) => boolean): unknown => {
	const list = DEFINING_LISTS[type]
	const entries = list === undefined ? undefined : (data as Loose)[list.field]
	if (list === undefined || !Array.isArray(entries)) return data
	return { ...(data as Loose), [list.field]: entries.filter((entry: Readonly<Record<string, string>>) => about(entry[list.code] ?? "")) }
}

/**
 * The identifiers that data of a type defines for the things that `about` accepts, from the fields alone: its own numbers,
 * and those of the list entries about these things. Works on facts as on bodies, for both keep the fields' names.
 */
export const ownDefinitions = (type: TypeName, data: unknown, about: (code: string) => boolean): readonly Identifier[] =>
	mentionsOf(type, withEntries(type, data, about)).filter((each) => each.defines)
