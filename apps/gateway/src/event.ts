import { restorePlaces } from "@yima/linking"
import { type EventKey, familyOf, type Moment, type Place, type Scope, stepAt, type TypeName, wire, wireTypeOf } from "@yima/schemas"
import { builder } from "./builder.ts"
import { cursorOf } from "./cursor.ts"
import { departmentOf } from "./department.ts"
import { forceAlone } from "./family.ts"
import { maskedData } from "./masked.ts"
import { type EventNode, EventRefRef, EventType } from "./nodes.ts"
import { kindOf, ScopeEnum } from "./scope-kind.ts"

interface Document {
	readonly kind: string
	readonly number?: string
	readonly title?: string
	readonly issuedOn?: string
	readonly issuer?: string
	readonly sha256?: string
	readonly uri?: string
}

export const sourceOf = (key: EventKey): string => key.slice(0, key.indexOf("#"))
export const idOf = (key: EventKey): string => key.slice(key.indexOf("#") + 1)

const recordedOf = async ({ key, reading }: EventNode) => {
	const recorded = await reading.recorded(key)
	if (recorded === null) throw new Error(`history has no event ${key}`)
	return recorded
}

const typeOf = async (event: EventNode): Promise<TypeName> => event.seen?.fact.type ?? ((await recordedOf(event)).type as TypeName)

const timeOf = async (event: EventNode): Promise<Moment> => event.seen?.fact.time ?? (await recordedOf(event)).time

/** Where an event stands, as known then. */
export const placeOf = async ({ key, reading, when }: EventNode): Promise<Place | null> => {
	const link = await reading.link(key)
	return link === null ? null : (stepAt(restorePlaces(link.places), when.knownAt) ?? null)
}

/** The scope that an event is shown at: where the view took it from; by itself, the first code of its place. */
const subjectOf = async (event: EventNode): Promise<Scope | null> => {
	if (event.seen !== null) return event.seen.inheritedFrom ?? event.seen.scope
	const place = await placeOf(event)
	return place?.is === "PLACED" ? (place.codes[0] ?? null) : null
}

const named = (scope: Scope | null): string | null => (scope === "registry" ? null : scope)

const forceOf = async ({ seen, key, when, reading }: EventNode) => {
	if (seen === null) return forceAlone(key, when.knownAt, reading)
	const { off, correctedBy = null, retractedBy = null } = seen.fact.force ?? {}
	return { inForce: off !== true, correctedBy, retractedBy }
}

const documentsOf = async ({ key, reading }: EventNode): Promise<readonly Document[]> => {
	const { documents } = ((await reading.event(key))?.data ?? {}) as { readonly documents?: readonly Document[] }
	return documents ?? []
}

const DocumentType = builder.objectRef<Document>("Document").implement({
	fields: (t) => {
		const text = (field: "number" | "title" | "issuer" | "sha256" | "uri") => t.string({ nullable: true, resolve: (document) => document[field] ?? null })
		return {
			kind: t.exposeString("kind"),
			number: text("number"),
			title: text("title"),
			issuedOn: t.field({ type: "Date", nullable: true, resolve: ({ issuedOn }) => (issuedOn ?? null) as never }),
			issuer: text("issuer"),
			sha256: text("sha256"),
			uri: text("uri"),
		}
	},
})

/** Where an event stands in the timeline of its scope: good as `after` there. */
export const timelineCursor = (scope: Scope, families: readonly string[], { asOf, knownAt }: EventNode["when"], at: readonly [number, string]): string =>
	cursorOf({ of: timelineOf(scope, families), sight: { asOf, knownAt }, at })

export const timelineOf = (scope: Scope, families: readonly string[]): string => `timeline ${scope} ${[...families].sort().join(",")}`

EventRefRef.implement({
	fields: (t) => ({
		source: t.string({ resolve: ({ key }) => sourceOf(key) }),
		id: t.id({ resolve: ({ key }) => idOf(key) }),
		type: t.string({ resolve: async (event) => wireTypeOf(await typeOf(event)) }),
		occurredAt: t.field({ type: "DateTime", resolve: timeOf }),
	}),
})

EventType.implement({
	description: "What a department said. id, corrects, correctedBy and retractedBy are ids of the same source",
	fields: (t) => ({
		id: t.id({ resolve: ({ key }) => idOf(key) }),
		source: t.string({ resolve: ({ key }) => sourceOf(key) }),
		type: t.string({ resolve: async (event) => wireTypeOf(await typeOf(event)) }),
		family: t.string({ resolve: async (event) => familyOf(await typeOf(event)) }),
		title: t.string({ description: "Chinese name of the type", resolve: async (event) => wire[await typeOf(event)].title }),
		scope: t.field({ type: ScopeEnum, nullable: true, resolve: async (event) => kindOf(await subjectOf(event)) }),
		subject: t.string({ nullable: true, description: "Null while it is not placed", resolve: async (event) => named(await subjectOf(event)) }),
		occurredAt: t.field({ type: "DateTime", resolve: timeOf }),
		recordedAt: t.field({ type: "DateTime", resolve: async (event) => (await recordedOf(event)).known }),
		department: t.string({ description: "A readable name, made of the source", resolve: ({ key }) => departmentOf(sourceOf(key)) }),
		documents: t.field({ type: [DocumentType], resolve: documentsOf }),
		data: t.field({
			type: "JSON",
			description: "As it was sent, natural persons masked",
			resolve: async ({ key, reading }) => maskedData((await reading.event(key))?.data ?? {}, reading),
		}),
		inheritedFrom: t.string({
			nullable: true,
			description: "Code of the parcel, building, project or predecessor that it was about, if not the unit's own",
			resolve: ({ seen }) => seen?.inheritedFrom ?? null,
		}),
		inForce: t.boolean({ resolve: async (event) => (await forceOf(event)).inForce }),
		corrects: t.id({
			nullable: true,
			resolve: async ({ key, reading }) => {
				const corrects = (await reading.event(key))?.corrects ?? null
				return corrects === null ? null : idOf(corrects)
			},
		}),
		correctedBy: t.id({ nullable: true, resolve: async (event) => (await forceOf(event)).correctedBy }),
		retractedBy: t.id({ nullable: true, resolve: async (event) => (await forceOf(event)).retractedBy }),
		cursor: t.string({
			description: "Its place in the timeline of its scope: good as `after` there",
			resolve: async (event) => {
				const scope = event.seen?.scope ?? (await subjectOf(event)) ?? "registry"
				return timelineCursor(scope, [], event.when, [await timeOf(event), event.key])
			},
		}),
	}),
})
