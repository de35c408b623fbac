import { timingSafeEqual } from "node:crypto"
import type { MasterKey } from "./master-key.ts"

/** One revision of an account request, as one company was asked for it. */
export interface Contact {
	readonly requestId: string
	readonly revision: number
	readonly company: string
}

/**
 * 联系凭证: lets a company have the holder's name and phone of a request that it was given. It says which revision it belongs to and proves that
 * we gave it to this company, so that nothing has to be kept, and nobody has it before the request has reached them.
 */
export const contactToken = (key: MasterKey, { requestId, revision, company }: Contact): string =>
	`${requestId}.${revision}.${key.contactTag(`${requestId}\n${revision}\n${company}`)}`

/** What a token says it belongs to, before it is believed; null: it is none. */
export const readContactToken = (token: string): Omit<Contact, "company"> | null => {
	const [, requestId, revision] = /^([\w-]{1,64})\.(\d{1,9})\.[\w-]{43}$/.exec(token) ?? []
	return requestId === undefined ? null : { requestId, revision: Number(revision) }
}

export const isContactToken = (key: MasterKey, token: string, contact: Contact): boolean => {
	const [given, own] = [Buffer.from(token), Buffer.from(contactToken(key, contact))]
	return given.length === own.length && timingSafeEqual(given, own)
}
