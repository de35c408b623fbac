import { readFileSync } from "node:fs"
import { buildSchema, type GraphQLSchema, isEnumType, isInputObjectType, isObjectType } from "graphql"
import { expect, test } from "vitest"
import { schemaText } from "../src/schema.ts"

const contract = buildSchema(readFileSync(new URL("../contract.graphql", import.meta.url), "utf8"), { noLocation: true })
const ours = buildSchema(schemaText, { noLocation: true })

/** What a schema promises, one line each: `Unit.timeline(first:): Int = 50`. Its types are told by their fields. */
const promisesOf = (schema: GraphQLSchema): ReadonlyMap<string, string> => {
	const found = new Map<string, string>()
	for (const type of Object.values(schema.getTypeMap())) {
		if (type.name.startsWith("__")) continue
		found.set(type.name, type.constructor.name)
		if (isEnumType(type)) for (const { name } of type.getValues()) found.set(`${type.name}.${name}`, "value")
		if (isObjectType(type))
			for (const field of Object.values(type.getFields())) {
				found.set(`${type.name}.${field.name}`, String(field.type))
				for (const arg of field.args) found.set(`${type.name}.${field.name}(${arg.name}:)`, `${arg.type} ${JSON.stringify(arg.default ?? null)}`)
			}
		if (isInputObjectType(type))
			for (const field of Object.values(type.getFields())) found.set(`${type.name}.${field.name}`, `${field.type} ${JSON.stringify(field.default ?? null)}`)
	}
	return found
}

const [promised, kept] = [promisesOf(contract), promisesOf(ours)]

/** What the gateway adds: nothing that changes what the contract promises. */
const ADDED: ReadonlySet<string> = new Set(
	`Contact Contact.name Contact.phone ContactRedemption ContactRedemption.at ContactRedemption.company
	ContactRedemption.purpose ContactRedemption.revision Deadline.note Mutation.redeemContact Mutation.redeemContact(company:) Mutation.redeemContact(purpose:)
	Mutation.redeemContact(token:) Query.contactRedemptions Query.accountRequests(company:) Query.contactRedemptions(requestId:) Subscription.accountRequests(company:) Webhook.company Webhook.concurrency Webhook.failed Webhook.failingSince Webhook.notices Webhook.perSecond Webhook.reason Webhook.retryAt
	WebhookInput.company WebhookInput.concurrency WebhookInput.perSecond WebhookNotice WebhookNotice.at WebhookNotice.kind WebhookNotice.reason`.split(/\s+/),
)

test("whatever the gateway has is as the contract says", () => {
	const other = [...kept]
		.filter(([name, what]) => promised.get(name) !== what && !(ADDED.has(name) && !promised.has(name)))
		.map(([name, what]) => `${name}: ${what}, not ${promised.get(name)}`)
	expect(other).toEqual([])
})

/** What later issues bring: absent until it is built, so that nothing answers wrongly. */
const ABSENT = `EventState.QUEUED HistoryProof PublicProject PublicProjectConnection PublicProjectEdge Query.publicProjects Query.viewer Unit.proof
	Viewer`.split(/\s+/)

test("what is absent is known", () => {
	const absent = [...promised.keys()].filter((name) => !kept.has(name))
	const isInside = (name: string) => [...absent].some((other) => other !== name && (name.startsWith(`${other}.`) || name.startsWith(`${other}(`)))
	expect(absent.filter((name) => !isInside(name)).sort()).toEqual(ABSENT)
})

test("the printed schema is what the code says", () => {
	expect(readFileSync(new URL("../../../schemas/generated/gateway.graphql", import.meta.url), "utf8")).toBe(schemaText)
})
