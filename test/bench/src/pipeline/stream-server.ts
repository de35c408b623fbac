/** The gateway's plain SSE over the registry, and nothing else; `/memory` answers what the process holds, bytes, `/listeners` how many connections are open. */
import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { masterKey } from "@yima/access"
import { Feed } from "@yima/feed"
import { sse } from "@yima/gateway"
import { connect, DerivedReader, listenToBell } from "@yima/registry"

const connectionString = process.env["DATABASE_URL"] ?? ""
const pool = connect({ connectionString, max: 8 })
const feed = new Feed({
	derived: new DerivedReader(pool),
	people: { events: async () => [], open: async (all) => all.map(() => null) },
	key: masterKey(process.env["YIMA_KEY"] ?? ""),
})
listenToBell(connectionString, feed.hub.ring)
const stream = sse(feed)
const server = createServer((request, response) => {
	if (request.url?.startsWith("/stream")) return stream(request, response)
	globalThis.gc?.()
	server.getConnections((_, count) => response.end(String(request.url === "/memory" ? process.memoryUsage.rss() : count)))
})
server.listen(0, "127.0.0.1", 4096, () => console.log(`http://127.0.0.1:${(server.address() as AddressInfo).port}`))
process.once("SIGTERM", () => process.exit(0))
