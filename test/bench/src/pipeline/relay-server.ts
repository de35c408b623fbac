/** The reference of streams: what PostgreSQL notifies goes to every open connection as it is. No cursor, no filter, no registry. */
import { createServer, type ServerResponse } from "node:http"
import type { AddressInfo } from "node:net"
import pg from "pg"

const open = new Set<ServerResponse>()
const client = new pg.Client({ connectionString: process.env["DATABASE_URL"] ?? "" })
await client.connect()
client.on("notification", ({ payload }) => {
	for (const response of open) response.write(`data: ${payload}\n\n`)
})
await client.query("listen relay")
const server = createServer((request, response) => {
	if (!request.url?.startsWith("/stream")) {
		globalThis.gc?.()
		response.end(String(request.url === "/memory" ? process.memoryUsage.rss() : open.size))
		return
	}
	response.writeHead(200, { "content-type": "text/event-stream" })
	response.flushHeaders()
	open.add(response)
	response.on("close", () => open.delete(response))
})
server.listen(0, "127.0.0.1", 4096, () => console.log(`http://127.0.0.1:${(server.address() as AddressInfo).port}`))
process.once("SIGTERM", () => process.exit(0))
