import { lookup } from "node:dns"
import { isIP, type LookupFunction } from "node:net"
import ipaddr from "ipaddr.js"

/** An address that an endpoint may not have: it leads into our own network, or in clear out of it. */
export class AddressRefused extends Error {
	readonly code = "ADDRESS_REFUSED"
	constructor(host: string, address: string, isSecret: boolean) {
		super(
			isSecret
				? `${host}(${address})是内部地址,不允许访问;本地部署的端点请列入 YIMA_WEBHOOK_ALLOW`
				: `${host}(${address})不在 YIMA_WEBHOOK_ALLOW 所列的网络内,不以明文投递;请用 https://`,
		)
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

/** What of IPv6 is given out to the public; `::7f00:1` and the like lie outside. */
const GLOBAL = ipaddr.IPv6.parseCIDR("2000::/3")

/**
 * Whether an endpoint may have this address: one of a network that is allowed, or, where nobody on the way can read what is sent, a public
 * one. IPv4 in the clothes of IPv6 is seen as what it is.
 */
export const isAllowed = (address: string, allowed: readonly Network[], isSecret = true): boolean => {
	if (!ipaddr.isValid(address)) return false
	const found = ipaddr.process(address)
	const isIn = ([network, bits]: Network) => network.kind() === found.kind() && found.match(network as never, bits)
	const isPublic = found.range() === "unicast" && (found.kind() === "ipv4" || isIn(GLOBAL))
	return allowed.some(isIn) || (isSecret && isPublic)
}

/** The host of a URL as a connection names it: no brackets around IPv6. URLs write each odd notation of IPv4 as the plain one. */
export const hostOf = (url: URL): string => url.hostname.replace(/^\[(.*)\]$/, "$1")

/** Why a host that is itself an address is not connected to: nobody looks that up. Null: it may be, or is a name. */
export const hostRefused = (url: URL, allowed: readonly Network[]): AddressRefused | null => {
	const [host, isSecret] = [hostOf(url), url.protocol === "https:"]
	return isIP(host) === 0 || isAllowed(host, allowed, isSecret) ? null : new AddressRefused(host, host, isSecret)
}

/** Looks a host up for the connection itself, so that what is checked is what is connected to: no name can lead elsewhere in between. */
export const guardedLookup =
	(allowed: readonly Network[], isSecret = true, resolve: typeof lookup = lookup): LookupFunction =>
	(host, options, callback) => {
		resolve(host, { ...options, all: true }, (error, found) => {
			if (error !== null) return callback(error, "", 0)
			const wrong = found.find(({ address }) => !isAllowed(address, allowed, isSecret))
			if (wrong !== undefined) return callback(new AddressRefused(host, wrong.address, isSecret), "", 0)
			const [first] = found
			if (options.all === true) return callback(null, found)
			return callback(null, first?.address ?? "", first?.family ?? 0)
		})
	}
