import { Agent, request } from "node:http"

/** What came back. */
export interface Answer {
	readonly status: number
	readonly text: string
}

/** Connections that stay open, so many at most. */
export const connections = (most: number): Agent => new Agent({ keepAlive: true, maxSockets: most })

/** One POST. */
export const exchange = (agent: Agent, url: string, type: string, body: string | Buffer): Promise<Answer> =>
	new Promise((resolve, reject) => {
		const headers = { "content-type": type, "content-length": Buffer.byteLength(body) }
		const asked = request(url, { agent, method: "POST", headers }, (response) => {
			const pieces: Buffer[] = []
			response.on("data", (piece: Buffer) => pieces.push(piece))
			response.once("error", reject)
			response.once("end", () => resolve({ status: response.statusCode ?? 0, text: Buffer.concat(pieces).toString() }))
		})
		asked.once("error", reject)
		asked.end(body)
	})
