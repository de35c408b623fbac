import { createServer, type IncomingMessage, type ServerResponse } from "node:http"
import { createServerAdapter } from "@whatwg-node/server"
import type { ImportDoor, Intake } from "@yima/intake"
import { CONTENT_TYPE } from "@yima/telemetry"
import type { Configuration } from "./configuration.ts"
import type { HealthProbe } from "./health.ts"
import type { Operations } from "./operations.ts"

export interface Listening {
	readonly url: string
	/** Takes no more connections, and ends when those that are open have their answers. */
	readonly stop: () => Promise<void>
}

interface Parts {
	readonly intake: Intake | null
	readonly imports: ImportDoor | null
	readonly gateway: { readonly fetch: (request: Request) => Promise<Response> | Response } | null
	/** Plain SSE: written to the connection itself, for there may be thousands. */
	readonly stream: ((request: IncomingMessage, response: ServerResponse) => void) | null
	readonly health: HealthProbe
	readonly operations: Pick<Operations, "metrics" | "tracing">
}

const json = (status: number, body: unknown, type = "application/json"): Response =>
	new Response(JSON.stringify(body), { status, headers: { "content-type": `${type}; charset=utf-8` } })

const problem = (status: number, code: string, title: string, detail: string): Response =>
	json(status, { type: "about:blank", title, status, detail, code }, "application/problem+json")

const LOOPBACK: ReadonlySet<string> = new Set(["localhost", "127.0.0.1", "[::1]"])

/**
 * Everything is open to whoever reaches the port, and so is any web page that a person on this machine looks at: what a page sends bears
 * its own origin, and what came by a name that was made to lead here bears that name. Both are refused.
 */
const foreignIn = (headers: Headers, named: string, bound: string): Response | null => {
	const name = named.replace(/:\d+$/, "")
	const isOpen = !LOOPBACK.has(bound) && bound !== "::1"
	if (!isOpen && !LOOPBACK.has(name)) return problem(421, "host", "此服务只在本机开放", "Host 应为本机地址")
	const origin = headers.get("origin")
	if (origin !== null && (!URL.canParse(origin) || new URL(origin).host !== named))
		return problem(403, "origin", "不接受其他网站发来的请求", "Origin 与 Host 不同")
	return null
}

const notFound = (path: string): Response =>
	problem(404, "not-found", "没有这个地址", `${path} 不在:/events、/imports、/graphql、/stream、/health/live、/health/ready、/metrics`)

/** As metrics and traces name them: whatever else is asked for is one. */
const ROUTES: ReadonlySet<string> = new Set(["/", "/events", "/imports", "/graphql", "/health/live", "/health/ready", "/metrics"])
/** What programs ask all the time is no work to follow. */
const UNTRACED: ReadonlySet<string> = new Set(["/health/live", "/health/ready", "/metrics"])

type Route = (request: Request) => Promise<Response> | Response

const headersOf = ({ headers }: IncomingMessage): Record<string, string> => ({ ...(headers.origin === undefined ? {} : { origin: headers.origin }) })

/** Counts and times every answer, and follows those that are work. */
const observed =
	(route: Route, { metrics, tracing }: Parts["operations"]): Route =>
	async (request) => {
		const path = URL.canParse(request.url) ? new URL(request.url).pathname : ""
		const name = ROUTES.has(path) ? path : "other"
		const answered = metrics.requestSeconds.startTimer({ route: name })
		const work = async () => route(request)
		let status = 500
		try {
			const response = await (UNTRACED.has(name) ? work() : tracing.request(`${request.method} ${name}`, request.headers, work))
			status = response.status
			return response
		} finally {
			answered()
			metrics.requests.inc({ route: name, status })
		}
	}

/** One port for everything (architecture, process interface): each path is one part's. */
export const listen = async (
	{ port, host }: Pick<Configuration, "port" | "host">,
	{ intake, imports, gateway, stream, health, operations }: Parts,
): Promise<Listening> => {
	const route: Route = (request) => {
		if (!URL.canParse(request.url)) return problem(400, "host", "请求的地址不合格式", "Host 或路径不能读作地址")
		const { pathname, host: named } = new URL(request.url)
		const strange = foreignIn(request.headers, named, host)
		if (strange !== null) return strange
		if (pathname === "/events" && intake !== null) return intake.fetch(request)
		if (pathname === "/imports" && imports !== null) return imports.fetch(request)
		if (pathname === "/graphql" && gateway !== null) {
			// Forms and plain text are what other sites' pages can send without asking.
			if (request.method === "POST" && !/^application\/json\b/.test(request.headers.get("content-type") ?? ""))
				return problem(415, "media-type", "不支持这种正文", "查询以 application/json 发送")
			return gateway.fetch(request)
		}
		if (pathname === "/health/live") return json(200, { live: true })
		if (pathname === "/health/ready") {
			const now = health.health()
			return json(now.ready ? 200 : 503, now)
		}
		if (pathname === "/metrics") return operations.metrics.text().then((text) => new Response(text, { headers: { "content-type": CONTENT_TYPE } }))
		if (pathname === "/" && gateway !== null) return new Response(null, { status: 302, headers: { location: "/graphql" } })
		return notFound(pathname)
	}
	// A stream of events may take as long as it takes.
	const adapted = createServerAdapter(observed(route, operations))
	const server = createServer({ requestTimeout: 0 }, (request, response) => {
		if (stream === null || request.method !== "GET" || !/^\/stream(?:\?|$)/.test(request.url ?? "")) return adapted(request, response)
		const strange = foreignIn(new Headers(headersOf(request)), request.headers.host ?? "", host)
		if (strange === null) return stream(request, response)
		response.writeHead(strange.status).end()
	})
	await new Promise<void>((resolve, reject) => {
		server.once("error", reject)
		server.listen(port, host, resolve)
	})
	const address = server.address()
	const bound = typeof address === "object" && address !== null ? address.port : port
	return {
		url: `http://${host.includes(":") ? `[${host}]` : host}:${bound}`,
		stop: () =>
			new Promise((resolve) => {
				server.close(() => resolve())
				server.closeIdleConnections()
				// Whoever follows a stream is told to come again.
				setTimeout(() => server.closeAllConnections(), 5000).unref()
			}),
	}
}
