import { renderGraphiQL } from "@graphql-yoga/render-graphiql"
import type { Feed } from "@yima/feed"
import type { Reader } from "@yima/registry"
import { type AnyEvent, type Checked, formatMoment, type Moment, type SubmitResult } from "@yima/schemas"
import type { DocumentNode, ExecutionResult } from "graphql"
import { createYoga, type Plugin } from "graphql-yoga"
import { bounded } from "./body.ts"
import type { Context } from "./builder.ts"
import { checkCost } from "./cost.ts"
import type { Desk } from "./desk.ts"
import { page } from "./explorer.ts"
import { type Open, Reading } from "./reading.ts"
import { masked } from "./refusal.ts"
import { schema, schemaText } from "./schema.ts"
import { Shelf } from "./shelf.ts"
import type { Subscribers } from "./subscribers.ts"
import { shared, waitForKnown, waitForPlaces } from "./waiting.ts"

export interface GatewayOptions {
	readonly reader: Reader
	/** The door in: mutations are events. */
	readonly submit: (events: readonly unknown[]) => Promise<readonly SubmitResult[]>
	/** What the door would make of an event: read, checked and sealed, and not sent; without it nothing can be asked of what has not happened. */
	readonly examine?: ((event: unknown) => Checked<AnyEvent>) | null
	/** The derived stream; without it there is no feed to read or follow. */
	readonly feed?: Feed | null
	/** Who is told of it; without it there are no endpoints to manage. */
	readonly subscribers?: Subscribers | null
	/** Appends a tick to every partition that lags. */
	readonly tick: () => Promise<void>
	readonly now: () => Moment
	/** Opens sealed names, so that they can be shown as 「张*」; without it they are 「*」. */
	readonly open?: Open | null
	/** Told of every failure that an asker is answered with; for the operator's eyes. */
	readonly failed?: (error: unknown) => void
	/** Told of every operation's outcome. `refused`: the asker's mistake or what they may not see; `failed`: an outage. */
	readonly answered?: (outcome: "answered" | "refused" | "failed") => void
}

export interface Gateway {
	/** Answers what is asked at `/graphql`: GraphQL over HTTP, subscriptions over SSE, a page for people. */
	readonly fetch: (request: Request) => Promise<Response> | Response
	readonly schemaText: string
}

/** What is said of an answer in its headers. */
interface Told {
	readonly position: string
	readonly knownAt: string | null
}

/** How far the registry had got: for each partition the offset that it read last. */
const positionOf = ({ snapshot }: Reading): string =>
	[...snapshot.next]
		.filter(([, next]) => next > 0n)
		.sort(([a], [b]) => a - b)
		.map(([partition, next]) => `${partition}-${next - 1n}`)
		.join(",")

/** As often as a `knownAt` that was waited for may be found to be beyond a later snapshot again. */
const MOST_TRIES = 5

/**
 * One query, one snapshot: its reads, the watermark and the position in its headers belong together. A `knownAt` beyond the watermark
 * is waited for outside of it, and the question is asked again in another.
 */
const inOneSnapshot = (desk: Desk, told: WeakMap<Request, Told>): Plugin<Context> => ({
	onValidate:
		() =>
		({ valid, result }) => {
			// Yoga's own codes are not the contract's.
			if (!valid) for (const error of result) Object.assign(error.extensions, { code: "BAD_INPUT" })
		},
	onExecute({ args, executeFn, setExecuteFn }) {
		const { document, operationName, variableValues } = args
		const context = args.contextValue as Context & { reading: Reading | null }
		const isQuery = (document as DocumentNode).definitions.some(
			(each) => each.kind === "OperationDefinition" && each.operation === "query" && (!operationName || each.name?.value === operationName),
		)
		const answer = async (tries: number): Promise<unknown> => {
			const { result, beyond } = await desk.reader.snapshot(async (snapshot) => {
				const reading = new Reading(snapshot, desk)
				context.reading = reading
				const result = await executeFn(args)
				const { answered, beyond } = reading.account
				told.set(context.request, { position: positionOf(reading), knownAt: answered === null ? null : formatMoment(answered) })
				return { result, beyond }
			})
			if (beyond === null || tries === 0) return result
			await waitForKnown(beyond, desk)
			return answer(tries - 1)
		}
		const acted = async (): Promise<unknown> => {
			const result = await executeFn(args)
			await desk.reader.snapshot(async (snapshot) => told.set(context.request, { position: positionOf(new Reading(snapshot, desk)), knownAt: null }))
			return result
		}
		setExecuteFn(async () => {
			checkCost(document, operationName, (variableValues ?? {}) as Readonly<Record<string, unknown>>)
			const atLeast = context.request.headers.get("yima-at-least")
			if (atLeast !== null) await waitForPlaces(atLeast, desk)
			return (isQuery ? answer(MOST_TRIES) : acted()) as Promise<ExecutionResult>
		})
	},
	onResponse({ request, response }) {
		const of = told.get(request)
		if (of === undefined) return
		response.headers.set("yima-position", of.position)
		if (of.knownAt !== null) response.headers.set("yima-known-at", of.knownAt)
	},
})

const outcomeOf = ({ errors = [] }: ExecutionResult): "answered" | "refused" | "failed" =>
	errors.length === 0 ? "answered" : errors.some(({ extensions }) => extensions["code"] === "UNAVAILABLE") ? "failed" : "refused"

/** Only what has an answer of its own: a subscription goes on. */
const counted = (answered: NonNullable<GatewayOptions["answered"]>): Plugin => ({
	onResultProcess({ result }) {
		for (const each of Array.isArray(result) ? result : [result]) if (!(Symbol.asyncIterator in each)) answered(outcomeOf(each))
	},
})

/** GraphQL over the registry. */
export const gateway = (options: GatewayOptions): Gateway => {
	const { reader, submit, tick, now, open = null, examine = null, feed = null, subscribers = null, failed = () => undefined, answered } = options
	const desk: Desk = { reader, submit, tick: shared(tick), now, open, shelf: new Shelf(), examine, feed, subscribers }
	const maskError = masked(failed)
	const yoga = createYoga<Record<string, never>, Context>({
		schema,
		graphqlEndpoint: "/graphql",
		landingPage: false,
		logging: false,
		cors: false,
		batching: false,
		// `bounded` has seen to it: yoga's own counts by a stream more, at a tenth of what an answer costs.
		maxRequestBodySize: false,
		maskedErrors: { maskError: (error) => maskError(error) },
		graphiql: page,
		// The page that comes whole: yoga's own loads its parts from the internet.
		renderGraphiQL,
		context: ({ request }) => ({ request, desk, reading: null }),
		plugins: [inOneSnapshot(desk, new WeakMap()), ...(answered === undefined ? [] : [counted(answered)])],
	})
	const fetch = async (request: Request): Promise<Response> => {
		const asked = await bounded(request)
		return asked instanceof Response ? asked : yoga.fetch(asked)
	}
	return { fetch, schemaText }
}
