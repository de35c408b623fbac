import { generateKeyPairSync, type KeyObject, sign } from "node:crypto"

/** A value of ASN.1 as DER writes it. */
const der = (tag: number, ...parts: readonly Uint8Array[]): Uint8Array => {
	const body = Buffer.concat(parts)
	const length = body.length < 0x80 ? [body.length] : body.length < 0x100 ? [0x81, body.length] : [0x82, body.length >> 8, body.length & 0xff]
	return Buffer.concat([Buffer.from([tag, ...length]), body])
}
const sequence = (...parts: readonly Uint8Array[]) => der(0x30, ...parts)
const identifier = (hex: string) => der(0x06, Buffer.from(hex, "hex"))
const named = (name: string) => sequence(der(0x31, sequence(identifier("550403"), der(0x0c, Buffer.from(name)))))
const time = (at: Date) => der(0x18, Buffer.from(at.toISOString().replace(/[-:T]|\.\d+/g, "")))
const extension = (id: string, value: Uint8Array) => sequence(identifier(id), der(0x01, Buffer.from([0xff])), der(0x04, value))
const ECDSA_WITH_SHA256 = sequence(identifier("2a8648ce3d040302"))

const DAY = 24 * 3600_000

export interface Certificate {
	readonly name: string
	readonly key: KeyObject
	readonly pem: string
}

export interface Wanted {
	readonly name: string
	/** Null: itself. */
	readonly by: Certificate | null
	readonly isAuthority?: boolean
	/** The hosts that it is for. */
	readonly hosts?: readonly ({ readonly dns: string } | { readonly ip: readonly number[] })[]
	/** Days from today. */
	readonly days?: readonly [from: number, until: number]
}

/** A certificate (RFC 5280), as no more than tests need: they get one that is wrong in one way. */
export const certificate = ({ name, by, isAuthority = false, hosts = [], days: [from, until] = [-1, 1] }: Wanted): Certificate => {
	const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" })
	const names = hosts.map((host) => ("dns" in host ? der(0x82, Buffer.from(host.dns)) : der(0x87, Buffer.from(host.ip))))
	const extensions = [
		extension("551d13", sequence(...(isAuthority ? [der(0x01, Buffer.from([0xff]))] : []))),
		...(names.length === 0 ? [] : [extension("551d11", sequence(...names))]),
	]
	const told = sequence(
		der(0xa0, der(0x02, Buffer.from([2]))),
		der(0x02, Buffer.from([Math.ceil(Math.random() * 127)])),
		ECDSA_WITH_SHA256,
		named(by?.name ?? name),
		sequence(time(new Date(Date.now() + from * DAY)), time(new Date(Date.now() + until * DAY))),
		named(name),
		publicKey.export({ type: "spki", format: "der" }),
		der(0xa3, sequence(...extensions)),
	)
	const signature = sign("sha256", told, by?.key ?? privateKey)
	const whole = sequence(told, ECDSA_WITH_SHA256, der(0x03, Buffer.from([0]), signature))
	const lines =
		Buffer.from(whole)
			.toString("base64")
			.match(/.{1,64}/g) ?? []
	return { name, key: privateKey, pem: `-----BEGIN CERTIFICATE-----\n${lines.join("\n")}\n-----END CERTIFICATE-----\n` }
}
