import { lookup } from "node:dns"
import { isIP, type LookupFunction } from "node:net"
import ipaddr from "ipaddr.js"

/** An address that an endpoint may not have: it leads into our own network. */
export class AddressRefused extends Error {
	readonly code = "ADDRESS_REFUSED"
	constructor(host: string, address: string) {
		super(`${host}(${address})是内部地址,不允许访问;本地部署的端点请列入 YIMA_WEBHOOK_ALLOW`)
	}
}

/** A network that endpoints may lie in although it is no public one: `10.1.0.0/16`, `127.0.0.1`. */
export type Network = readonly [ipaddr.IPv4 | ipaddr.IPv6, number]

/** Null: no network. */
export const parseNetwork = (text: string): Network | null => {
	try {
		if (text.includes("/")) return ipaddr.parseCIDR(text)
		const address = ipaddr.parse(text)
		return [address, address.kind() === "ipv4" ? 32 : 128]
	} catch {
		return null
	}
}

/** Whether an endpoint may have this address: a public one, or one of a network that is allowed. IPv4 in the clothes of IPv6 is seen as what it is. */
export const isAllowed = (address: string, allowed: readonly Network[]): boolean => {
	if (!ipaddr.isValid(address)) return false
	const found = ipaddr.process(address)
	const isIn = ([network, bits]: Network) => network.kind() === found.kind() && found.match(network as never, bits)
	return allowed.some(isIn) || found.range() === "unicast"
}

/** The host of a URL as a connection names it: no brackets around IPv6. URLs write each odd notation of IPv4 as the plain one. */
export const hostOf = (url: URL): string => url.hostname.replace(/^\[(.*)\]$/, "$1")

/** Fails with `AddressRefused` where the host is itself an address that is not allowed: nobody looks that up. */
export const checkHost = (url: URL, allowed: readonly Network[]): void => {
	const host = hostOf(url)
	if (isIP(host) !== 0 && !isAllowed(host, allowed)) throw new AddressRefused(host, host)
}

/** Looks a host up for the connection itself, so that what is checked is what is connected to: no name can lead elsewhere in between. */
export const guardedLookup =
	(allowed: readonly Network[], resolve: typeof lookup = lookup): LookupFunction =>
	(host, options, callback) => {
		resolve(host, { ...options, all: true }, (error, found) => {
			if (error !== null) return callback(error, "", 0)
			const wrong = found.find(({ address }) => !isAllowed(address, allowed))
			if (wrong !== undefined) return callback(new AddressRefused(host, wrong.address), "", 0)
			const [first] = found
			if (options.all === true) return callback(null, found)
			return callback(null, first?.address ?? "", first?.family ?? 0)
		})
	}
