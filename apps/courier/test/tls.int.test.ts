import { createServer } from "node:https"
import type { AddressInfo } from "node:net"
import { getCACertificates, setDefaultCACertificates } from "node:tls"
import { afterAll, beforeAll, expect, test } from "vitest"
import { type Certificate, certificate } from "./certificate.ts"
import { eventually, said, unit, usePost } from "./post.ts"

const at = usePost()

const HERE = [{ ip: [127, 0, 0, 1] }]
const authority = certificate({ name: "an own authority", by: null, isAuthority: true })
const stranger = certificate({ name: "an authority that nobody knows", by: null, isAuthority: true })
const good = certificate({ name: "endpoint", by: authority, hosts: HERE })

/** As `NODE_EXTRA_CA_CERTS` has them trusted. */
const known = getCACertificates("default")
beforeAll(() => setDefaultCACertificates([...known, authority.pem]))
afterAll(() => setDefaultCACertificates(known))

/** An endpoint that shows who it is by a certificate. */
const openSecret = async (shown: Certificate, ...chain: readonly Certificate[]) => {
	const context = (own: Certificate, others: readonly Certificate[]) => ({
		key: own.key.export({ type: "pkcs8", format: "pem" }),
		cert: [own, ...others].map(({ pem }) => pem).join(""),
	})
	let received = 0
	const server = createServer(context(shown, chain), (request, response) => {
		received += 1
		request.resume().on("end", () => response.writeHead(200).end())
	})
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
	at.closing.push(() => {
		server.closeAllConnections()
		return new Promise((resolve) => server.close(resolve))
	})
	return {
		url: `https://127.0.0.1:${(server.address() as AddressInfo).port}/in`,
		received: () => received,
		show: (own: Certificate, ...others: readonly Certificate[]) => server.setSecureContext(context(own, others)),
	}
}

const between = certificate({ name: "an authority between", by: authority, isAuthority: true })

test.each([
	["the authority itself", good, []],
	["one that it trusts", certificate({ name: "endpoint", by: between, hosts: HERE }), [between]],
])("an endpoint whose certificate an own authority has signed, %s, is delivered to", async (_, own, chain) => {
	const endpoint = await openSecret(own, ...chain)
	const webhook = await at.subscribed(endpoint.url)
	at.going()
	await at.post.say(0, said(unit(0), 0))
	await eventually(async () => expect(await at.statuses(webhook.id)).toEqual(["DELIVERED"]))
	expect(endpoint.received()).toBe(1)
})

test.each([
	["is its own word", certificate({ name: "endpoint", by: null, hosts: HERE }), "证书不可信(DEPTH_ZERO_SELF_SIGNED_CERT)"],
	["an unknown authority has signed", certificate({ name: "endpoint", by: stranger, hosts: HERE }), "证书不可信(UNABLE_TO_VERIFY_LEAF_SIGNATURE)"],
	["has expired", certificate({ name: "endpoint", by: authority, hosts: HERE, days: [-9, -1] }), "证书已过期(CERT_HAS_EXPIRED)"],
	["is not valid yet", certificate({ name: "endpoint", by: authority, hosts: HERE, days: [1, 9] }), "证书尚未生效(CERT_NOT_YET_VALID)"],
	["is another host's", certificate({ name: "endpoint", by: authority, hosts: [{ dns: "other.cn" }] }), "证书与域名不符(ERR_TLS_CERT_ALTNAME_INVALID)"],
])("an endpoint whose certificate %s fails as a whole, is tried again and again, and gets everything once it has a good one", async (_, bad, reason) => {
	const endpoint = await openSecret(bad)
	const webhook = await at.subscribed(endpoint.url)
	at.going()
	await at.post.say(0, ...[0, 1, 2].map((n) => said(unit(n), n)))
	await eventually(async () => {
		const { status, failures, ...row } = await at.webhook(webhook.id)
		expect({ status, reason: row.reason, cursor: row.cursor }).toEqual({ status: "FAILING", reason, cursor: webhook.cursor })
		expect(failures).toBeGreaterThan(2)
	})
	expect(endpoint.received()).toBe(0)
	expect(await at.statuses(webhook.id)).toEqual([])
	endpoint.show(good)
	await eventually(async () => expect(await at.statuses(webhook.id)).toEqual(["DELIVERED", "DELIVERED", "DELIVERED"]))
	expect(await at.post.webhooks.notices(webhook.id, 10)).toMatchObject([{ kind: "RECOVERED" }, { kind: "FAILING", reason }])
})
