/**
 * The reference of queries: the least that a server can do which gives the same rows. No schema, no snapshot, no view:
 * a list of scopes comes, their rows go.
 */
import { createServer } from "node:http"
import { connect } from "@yima/registry"

const pool = connect({ connectionString: process.env["DATABASE_URL"] ?? "", max: 24 })

const server = createServer(async (request, response) => {
	const pieces: Buffer[] = []
	for await (const piece of request) pieces.push(piece as Buffer)
	const scopes: unknown = JSON.parse(Buffer.concat(pieces).toString())
	const { rows } = await pool.query(`select parcel, scope, key, steps from concern where scope = any($1)`, [scopes])
	const text = JSON.stringify(rows)
	response.writeHead(200, { "content-type": "application/json", "content-length": Buffer.byteLength(text) }).end(text)
})
server.listen(0, "127.0.0.1", () => {
	const address = server.address()
	if (typeof address === "object" && address !== null) console.log(`http://127.0.0.1:${address.port}`)
})
