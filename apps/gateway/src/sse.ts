import type { IncomingMessage, ServerResponse } from "node:http"
import { type Feed, type Following, farther, type Told, writeCursor } from "@yima/feed"
import type { DerivedFilter, DerivedPlace } from "@yima/registry"
import { companyOf, filterOf, placeOf, requestsTo } from "./feed.ts"
import { refusal } from "./refusal.ts"

/** How often somebody who hears nothing is told that the line stands, and how far they have heard, ms. */
const BREATH = 15_000
/** After which a client comes again, ms. */
const RETRY = 1000

/** The cursor before everything, where an empty one would be none to a client. */
const BEGINNING = "0-0"

const SERVICES: ReadonlySet<string> = new Set(["water", "power", "gas", "heat"])
const SEVERITIES: ReadonlySet<string> = new Set(["BLOCK", "HOLD", "NOTE"])

const listIn = (query: URLSearchParams, name: string): readonly string[] | null =>
	query
		.get(name)
		?.split(",")
		.filter((each) => each !== "") ?? null

/** What is asked for at `/stream`: `service` (of it `company`), or `types`, `families`, `project`, `severity`, lists with commas. */
const chosenIn = (query: URLSearchParams): DerivedFilter => {
	const service = query.get("service")
	if (service !== null) {
		if (!SERVICES.has(service)) throw refusal("BAD_INPUT", `service 应为 ${[...SERVICES].join("、")} 之一,现为「${service.slice(0, 20)}」`)
		return requestsTo(service, query.get("company"))
	}
	companyOf(service, query.get("company"))
	const severity = listIn(query, "severity")
	const odd = severity?.find((each) => !SEVERITIES.has(each))
	if (odd !== undefined) throw refusal("BAD_INPUT", `severity 应为 BLOCK、HOLD、NOTE,现有「${odd.slice(0, 20)}」`)
	return filterOf({ types: listIn(query, "types"), families: listIn(query, "families"), project: query.get("project"), severity })
}

/** Plain SSE (`GET /stream`): each event with its cursor as `id`, so that a browser or a library resumes by itself with Last-Event-ID. */
export const sse =
	(feed: Feed) =>
	(request: IncomingMessage, response: ServerResponse): void => {
		const { searchParams } = new URL(request.url ?? "/", "http://stream")
		let filter: DerivedFilter
		let place: DerivedPlace | null
		try {
			filter = chosenIn(searchParams)
			place = placeOf(searchParams.get("after") ?? request.headers["last-event-id"]?.toString(), null)
		} catch (error) {
			response.writeHead(400, { "content-type": "application/problem+json; charset=utf-8" })
			response.end(
				JSON.stringify({ type: "about:blank", title: "请求有误", status: 400, code: "BAD_INPUT", detail: error instanceof Error ? error.message : "" }),
			)
			return
		}
		response.writeHead(200, { "content-type": "text/event-stream; charset=utf-8", "cache-control": "no-store", "x-accel-buffering": "no" })
		let following: Following
		const told = (all: readonly Told[]): boolean => {
			let text = ""
			for (const each of all) text += `id: ${writeCursor(each.place)}\nevent: ${each.row.type}\ndata: ${feed.text(each.row)}\n\n`
			place = all.at(-1)?.place ?? place
			// Who does not read is waited for, and then told from where they are.
			return response.write(text)
		}
		const follow = () => {
			following = feed.hub.follow({ filter, told, ended: () => response.end() }, place)
		}
		response.write(`retry: ${RETRY}\n\n`)
		follow()
		response.on("drain", () => {
			following.leave()
			follow()
		})
		const breathe = () => {
			if (response.destroyed || response.writableEnded || response.writableNeedDrain) return
			const reached = following.place()
			if (reached !== null) place = farther(reached, place ?? new Map())
			// An id alone is remembered by the client, and shown to nobody.
			response.write(place === null ? ":\n\n" : `id: ${writeCursor(place) || BEGINNING}\n\n`)
		}
		// Who is told from now on knows at once where that was: so what is said while the line is cut is not lost to them.
		void feed.hub.ready.then(breathe)
		const breath = setInterval(breathe, BREATH)
		response.on("close", () => {
			clearInterval(breath)
			following.leave()
		})
	}
