import { Schema } from "effect"
import { PLACING_FIELDS, wireTypeOf } from "./decode.ts"
import { envelope } from "./envelope.ts"
import { familyOf, isRetracted, TYPE_NAMES, type TypeName, wire } from "./events/catalogue.ts"
import { Refused } from "./refused.ts"
import { SubmitResult } from "./submit-result.ts"
import { CHOICE_TITLES, FIELD_TITLES } from "./titles.ts"
import { DERIVED, INBOX_FAMILIES, PARTITIONS, TOPICS } from "./topics.ts"

/** A JSON Schema, or part of one. */
export interface Json {
	readonly [key: string]: unknown
}

/** What `uses` and `defines` said of a field. */
interface Mentioned {
	readonly kind: string | Readonly<Record<string, string>>
	readonly defines: boolean
}

const isJson = (value: unknown): value is Json => typeof value === "object" && value !== null && !Array.isArray(value)

/** The shape as a person would write it: one object for a value and its checks, identifiers as `x-defines` and `x-uses`, Chinese titles. */
const tidy = (shape: Json): Json => {
	const { allOf, mention, properties, items, enum: choices, additionalProperties, ...rest } = shape
	const checks = (allOf ?? []) as readonly Json[]
	if (checks.length > 0) return tidy(Object.assign({}, { ...shape, allOf: [] }, ...checks))
	const said = mention as Mentioned | undefined
	const kinds = said === undefined ? [] : typeof said.kind === "string" ? [said.kind] : Object.values(said.kind)
	const values = (choices ?? []) as readonly string[]
	const named = values.filter((each) => CHOICE_TITLES[each] !== undefined)
	return {
		...rest,
		...(values.length === 1 ? { const: values[0] } : values.length > 1 ? { enum: values } : {}),
		...(named.length > 1 ? { description: named.map((each) => `${each} ${CHOICE_TITLES[each]}`).join(" · ") } : {}),
		...(said === undefined ? {} : { [said.defines ? "x-defines" : "x-uses"]: kinds }),
		...(isJson(items) ? { items: tidy(items) } : {}),
		...(isJson(properties)
			? { properties: Object.fromEntries(Object.entries(properties).map(([name, each]) => [name, titled(name, tidy(each as Json))])) }
			: {}),
	}
}

const titled = (name: string, shape: Json): Json => {
	const title = FIELD_TITLES[name]
	return title === undefined ? shape : { title, ...shape }
}

interface Documented {
	readonly shape: Json
	readonly definitions: Readonly<Record<string, Json>>
}

/** The JSON Schema of what a schema decodes to, which is what a department should write: every value in its normal form. */
const documented = (schema: Schema.Constraint): Documented => {
	const { schema: shape, definitions } = Schema.toJsonSchemaDocument(Schema.toType(schema), { includeAnnotationKey: (key) => key === "mention" })
	return {
		shape: tidy(shape as Json),
		definitions: Object.fromEntries(Object.entries(definitions).map(([name, each]) => [name, tidy(each as Json)])),
	}
}

const sorted = (definitions: Readonly<Record<string, Json>>): Json => Object.fromEntries(Object.entries(definitions).sort(([a], [b]) => (a < b ? -1 : 1)))

/** P,B,U,J as people read it: 宗地, 幢, 户, 项目. */
const scopeOf = (name: TypeName): string => (wire[name].levels.length === 0 ? "none" : wire[name].levels.length === 4 ? "any" : wire[name].levels.join(","))

const SCOPES: Readonly<Record<string, string>> = { P: "宗地(19位)", B: "幢(24位)", U: "不动产单元(28位)", J: "项目(project:<项目代码>)" }

/** Whether a shape names an identifier somewhere: such a field can stand in for the subject. */
const namesIdentifier = (shape: Json): boolean =>
	"x-defines" in shape ||
	"x-uses" in shape ||
	Object.values(shape).some((each) => (Array.isArray(each) ? each : [each]).some((one) => isJson(one) && namesIdentifier(one)))

/** Without a subject, one of the fields that can stand in for it is required; nothing to say where one is required anyway. */
const subjectOr = (name: TypeName, data: Json): Json => {
	const properties = data["properties"] as Readonly<Record<string, Json>>
	const stands = Object.keys(properties).filter(
		(field) => field === "refs" || (PLACING_FIELDS as readonly string[]).includes(field) || namesIdentifier(properties[field] ?? {}),
	)
	const required = (data["required"] ?? []) as readonly string[]
	if (wire[name].levels.length === 0 || isRetracted(name) || name === "registrar.resolved" || stands.some((field) => required.includes(field))) return {}
	return { anyOf: [{ required: ["subject"] }, { properties: { data: { anyOf: stands.map((field) => ({ required: [field] })) } } }] }
}

/** The JSON Schema of one type's event, whole in itself. */
export const schemaOf = (name: TypeName): Json => {
	const [head, data] = [documented(envelope), documented(wire[name].data)]
	const type = wireTypeOf(name)
	const levels = wire[name].levels.map((level) => SCOPES[level]).join("、")
	return {
		$schema: "https://json-schema.org/draft/2020-12/schema",
		$id: `urn:yima:schema:${type}`,
		title: wire[name].title,
		description: `${type}, a CloudEvent 1.0 in structured JSON. ${levels === "" ? "About the registry itself: no subject is read." : `subject: ${levels}.`}`,
		type: "object",
		required: head.shape["required"],
		properties: {
			...(head.shape["properties"] as Json),
			type: { const: type },
			dataschema: { const: `urn:yima:schema:${type}` },
			recordedtime: false,
			...(isRetracted(name) ? { corrects: false } : {}),
			data: { $ref: "#/$defs/Data" },
		},
		dependentRequired: { statedat: ["corrects"] },
		...subjectOr(name, data.shape),
		"x-scope": scopeOf(name),
		$defs: sorted({ ...head.definitions, ...data.definitions, Data: data.shape }),
	}
}

const FAMILIES: readonly string[] = [...new Set(TYPE_NAMES.map(familyOf))]

/** A value as the tables show it, where its name does not say enough. */
const shown = (shape: Json): string => {
	const ref = shape["$ref"]
	if (ref === "#/$defs/Party") return "Party"
	if (typeof ref === "string") return ""
	if (isJson(shape["items"])) {
		const item = shown(shape["items"])
		return item === "" && !("$ref" in shape["items"]) ? "[text]" : item === "" ? "" : `[${item}]`
	}
	if (Array.isArray(shape["enum"])) return `(${shape["enum"].join(", ")})`
	if (isJson(shape["properties"])) return `{${fieldsOf(shape)}}`
	return shape["type"] === "boolean" ? "boolean" : ""
}

const isDefined = (shape: Json): boolean => "x-defines" in shape || (isJson(shape["items"]) && "x-defines" in shape["items"])

const fieldsOf = (shape: Json, without: readonly string[] = []): string => {
	const required = new Set((shape["required"] ?? []) as readonly string[])
	return Object.entries(shape["properties"] as Readonly<Record<string, Json>>)
		.filter(([name]) => !without.includes(name))
		.map(([name, each]) => {
			const value = shown(each)
			return `${isDefined(each) ? "◆" : ""}${name}${required.has(name) ? "!" : ""}${value === "" ? "" : value.startsWith("{") || value.startsWith("[") ? `: ${value}` : ` ${value}`}`
		})
		.join(", ")
}

/** Every data may hold these; the tables say so once. */
const COMMON = ["refs", "documents"]

const row = (...cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`

/** The tables of the contract, as Markdown. */
export const eventsTable = (): string => {
	const families = FAMILIES.flatMap((family) => [
		"",
		`## ${family}`,
		"",
		row("type", "中文", "scope", "data"),
		"|---|---|---|---|",
		...TYPE_NAMES.filter((name) => familyOf(name) === family).map((name) =>
			row(`\`${name}\``, wire[name].title, scopeOf(name), fieldsOf(documented(wire[name].data).shape, COMMON)),
		),
	])
	const common = documented(wire["land.retracted"].data).shape["properties"] as Readonly<Record<string, Json>>
	return [
		"# Event types",
		"",
		"Generated from `schemas/src` by `npm run generate`; never edited. `!` required · ◆ the type *defines* this identifier · scope: P parcel, B building, U unit, J project.",
		"",
		`Every \`data\` may also hold ${COMMON.map((name) => `\`${name}: ${shown({ ...common[name], ...(name === "refs" ? refs(common[name] ?? {}) : {}) })}\``).join(" and ")}. Unknown extra fields are kept.`,
		...families,
		"",
	].join("\n")
}

/** `refs` without its twenty-one kinds, which have a list of their own. */
const refs = (shape: Json): Json => {
	const items = shape["items"] as { readonly properties: Readonly<Record<string, Json>> }
	return { items: { ...items, properties: { ...items.properties, kind: {} } } }
}

const CLOUDEVENT = "application/cloudevents+json"

/** A data schema written elsewhere, as AsyncAPI wraps it. */
const payload = (schema: Json): Json => ({ schemaFormat: "application/schema+json;version=draft-2020-12", schema })

const fileOf = (name: TypeName) => `json-schema/${wireTypeOf(name)}.json`

const messageOf = (name: string, title: string, schema: Json): Json => ({ name, title, contentType: CLOUDEVENT, payload: payload(schema) })

const derivedPayload = (name: keyof typeof DERIVED): Json => ({
	type: "object",
	required: ["specversion", "id", "source", "type", "time", "causedby", "data"],
	properties: {
		specversion: { const: "1.0" },
		type: { const: `yima.${name}.v1` },
		subject: { type: "string", description: name === "event.parked" ? "absent" : "the scope" },
		causedby: { type: "string", description: "source and id of the event that caused it" },
		data: { type: "object", properties: Object.fromEntries(DERIVED[name].fields.map((field) => [field, titled(field, {})])) },
	},
})

/** AsyncAPI 3.0: the topics, their keys, what they hold. */
export const asyncApi = (): Json => {
	const types = Object.fromEntries(TYPE_NAMES.map((name) => [name, messageOf(wireTypeOf(name), wire[name].title, { $ref: `./${fileOf(name)}` })]))
	const derivedNames = Object.keys(DERIVED) as readonly (keyof typeof DERIVED)[]
	const derived = Object.fromEntries(derivedNames.map((name) => [name, messageOf(`yima.${name}.v1`, DERIVED[name].title, derivedPayload(name))]))
	const tick = { "clock.ticked": messageOf("yima.clock.ticked.v1", "时标", { type: "object", properties: { type: { const: "yima.clock.ticked.v1" } } }) }
	const refused = {
		refused: {
			name: "refused",
			title: "退回",
			summary: "The record as it came, with the answer that it got",
			payload: payload({ $ref: "./json-schema/refused.json" }),
		},
	}
	const held = { types: TYPE_NAMES, derived: derivedNames, refused: ["refused"] }
	const channels = Object.entries(TOPICS).flatMap(([topic, each]) =>
		(each.perFamily ? INBOX_FAMILIES : [null]).map((family) => {
			const address = family === null ? topic : `${topic}.${family}`
			const names = held[each.holds].filter((name) => family === null || each.holds === "refused" || name.startsWith(`${family}.`))
			const all = topic === "yima.events" ? [...names, "clock.ticked"] : names
			const channel = {
				address,
				title: each.title,
				description: `Key: ${each.key}. Written by ${each.writtenBy}. Read by ${each.readBy}.`,
				messages: Object.fromEntries(all.map((name) => [name, { $ref: `#/components/messages/${name}` }])),
				bindings: { kafka: { topic: address, ...(each.perFamily ? {} : { partitions: PARTITIONS }), bindingVersion: "0.5.0" } },
				"x-key": each.key,
				"x-written-by": each.writtenBy,
				"x-read-by": each.readBy,
			}
			return { address, action: each.action, channel }
		}),
	)
	return {
		asyncapi: "3.0.0",
		info: {
			title: "yima 一码",
			version: "1",
			description: "Every event about a parcel, building, unit or project. CloudEvents 1.0, structured JSON; binary mode is read in the inboxes too.",
		},
		defaultContentType: CLOUDEVENT,
		channels: Object.fromEntries(channels.map(({ address, channel }) => [address, channel])),
		operations: Object.fromEntries(channels.map(({ address, action }) => [`${action}.${address}`, { action, channel: { $ref: `#/channels/${address}` } }])),
		components: { messages: { ...types, ...derived, ...tick, ...refused } },
	}
}

/** The answer of the door, as JSON Schema. */
export const submitResultSchema = (): Json => {
	const { shape, definitions } = documented(SubmitResult)
	return { $schema: "https://json-schema.org/draft/2020-12/schema", $id: "urn:yima:schema:submit-result", title: "回执", ...shape, $defs: sorted(definitions) }
}

/** What is said in a `yima.refused` topic, as JSON Schema. */
export const refusedSchema = (): Json => {
	const { shape, definitions } = documented(Refused)
	return { $schema: "https://json-schema.org/draft/2020-12/schema", $id: "urn:yima:schema:refused", title: "退回", ...shape, $defs: sorted(definitions) }
}

const printed = (value: Json): string => `${JSON.stringify(value, null, "\t")}\n`

/** Every generated file by its path under `schemas/generated`. */
export const generated = (): ReadonlyMap<string, string> =>
	new Map([
		...TYPE_NAMES.map((name) => [fileOf(name), printed(schemaOf(name))] as const),
		["json-schema/submit-result.json", printed(submitResultSchema())],
		["json-schema/refused.json", printed(refusedSchema())],
		["asyncapi.json", printed(asyncApi())],
		["events.md", eventsTable()],
	])
