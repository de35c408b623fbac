// A receiver to copy from: verifies that a delivery is ours, takes each request once, and reports back. Node ≥ 20, nothing to install.
//
//   YIMA_SECRET=whsec_… [YIMA_URL=http://…:4000] [PORT=5001] [STATE=./received.ndjson] node receiver.mjs
import { createHmac, timingSafeEqual } from "node:crypto"
import { appendFileSync, existsSync, readFileSync } from "node:fs"
import { createServer } from "node:http"

const { YIMA_SECRET = "", YIMA_URL = "http://127.0.0.1:4000", PORT = "5001", STATE = "./received.ndjson" } = process.env
const secret = Buffer.from(YIMA_SECRET.replace(/^whsec_/, ""), "base64")
/** A delivery whose time is farther from now is refused: somebody may be sending an old one again. Seconds. */
const TOLERANCE = 300

/** Whether one of the signatures is that of this body, with this id, of now. */
const isOurs = ({ "webhook-id": id, "webhook-timestamp": seconds, "webhook-signature": signatures = "" }, body) => {
	if (!id || !seconds || Math.abs(Date.now() / 1000 - Number(seconds)) > TOLERANCE) return false
	const own = createHmac("sha256", secret).update(`${id}.${seconds}.${body}`).digest()
	return signatures.split(" ").some((each) => {
		const given = Buffer.from(each.replace(/^v1,/, ""), "base64")
		return given.length === own.length && timingSafeEqual(given, own)
	})
}

// What was taken, one line each: the file is what this system knows of it, whatever happens to the process.
const taken = new Map(
	(existsSync(STATE) ? readFileSync(STATE, "utf8").split("\n").filter(Boolean) : []).map((line) => [JSON.parse(line).event.id, JSON.parse(line)]),
)

/** Takes a request into this system, once: a delivery may come twice. Answers its order number. */
const take = (event) => {
	const before = taken.get(event.id)
	if (before !== undefined) return before.orderNo
	const entry = { orderNo: `GD-${taken.size + 1}`, event }
	appendFileSync(STATE, `${JSON.stringify(entry)}\n`)
	taken.set(event.id, entry)
	return entry.orderNo
}

/** Tells the registry what has become of a request; the same again changes nothing. */
export const report = async (event, status, more = {}) => {
	const { requestId, revision, service, company } = event.data
	const input = { requestId, revision, service: service.toUpperCase(), company, status, ...more }
	const query = "mutation($input: AccountReport!) { reportAccount(input: $input) { status problems { message } } }"
	const response = await fetch(`${YIMA_URL}/graphql`, {
		method: "POST",
		headers: { "content-type": "application/json" },
		body: JSON.stringify({ query, variables: { input } }),
	})
	const { data, errors } = await response.json()
	if (errors) throw new Error(errors.map((each) => each.message).join("; "))
	return data.reportAccount
}

const server = createServer((request, response) => {
	let body = ""
	request.setEncoding("utf8")
	request.on("data", (part) => {
		body += part
	})
	request.on("end", () => {
		if (!isOurs(request.headers, body)) return response.writeHead(401).end("signature")
		const events = [JSON.parse(body)].flat()
		const requests = events.filter(({ type }) => type === "yima.utility.account-requested.v1")
		const orders = requests.map(take)
		// An answer may report back at once; it counts where one event was sent. Later steps go by `report`.
		response.writeHead(200, { "content-type": "application/json" })
		response.end(JSON.stringify(orders.length === 1 ? { status: "accepted", orderNo: orders[0] } : {}))
	})
})
server.listen(Number(PORT), "127.0.0.1", () => console.log(`listening on ${server.address().port}`))
