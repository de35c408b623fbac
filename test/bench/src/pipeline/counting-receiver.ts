/** An endpoint that takes everything: `GET /` answers how many requests came and when the first and the last did, ms; `DELETE /` begins anew. */
import { createServer } from "node:http"
import type { AddressInfo } from "node:net"

let [count, first, last] = [0, 0, 0]
const server = createServer((request, response) => {
	if (request.method === "DELETE") count = 0
	if (request.method !== "POST") return response.end(JSON.stringify({ count, first, last }))
	request.resume()
	request.on("end", () => {
		last = performance.timeOrigin + performance.now()
		if (count++ === 0) first = last
		response.end()
	})
})
server.listen(0, "127.0.0.1", () => console.log(`http://127.0.0.1:${(server.address() as AddressInfo).port}`))
process.once("SIGTERM", () => process.exit(0))
