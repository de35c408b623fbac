import type { Source } from "./source.ts"

/** The kinds of identifiers of `events.md`, in the order of the contract. */
export const KINDS = [
	"supervision-no",
	"grant-contract-no",
	"project-code",
	"land-permit-no",
	"works-permit-no",
	"construction-permit-no",
	"presale-permit-no",
	"acceptance-no",
	"survey-no",
	"house-code",
	"building-label",
	"contract-no",
	"invoice-no",
	"tax-receipt-no",
	"certificate-no",
	"proof-no",
	"seizure-no",
	"verification-no",
	"account-no",
	"application-no",
	"address",
] as const
export type Kind = (typeof KINDS)[number]

/** 业务标识 in normal form. `issuer` null: the sender named none. */
export interface Identifier {
	readonly kind: Kind
	readonly value: string
	readonly issuer: string | null
}

const BRACKETS: Readonly<Record<string, string>> = { "〔": "(", "【": "(", "[": "(", "〕": ")", "】": ")", "]": ")" }

const isNormal = /^[0-9A-Z():#.\-一-鿿]*$/

/** Spaces, and characters that nobody sees (zero width, soft hyphens, variation selectors): copied cells are full of them. */
const INVISIBLE = /[\p{White_Space}\p{Default_Ignorable_Code_Point}]+/gu

/** The text without what nobody sees. */
export const visible = (text: string): string => text.replace(INVISIBLE, "")

const SEEN = /[^\p{White_Space}\p{Default_Ignorable_Code_Point}]/u

/** Whether there is nothing to be seen. */
export const isBlank = (text: string): boolean => !SEEN.test(text)

/** NFKC, no spaces, upper case; composed again, for taking away and raising can part what NFKC had joined. */
export const fold = (text: string): string => visible(text.normalize("NFKC")).toUpperCase().normalize("NFKC")

/** NFKC, brackets to (), no spaces, upper case (`semantics.md` §2). */
export const normalForm = (value: string): string => {
	if (isNormal.test(value)) return value
	const half = withBrackets(value.normalize("NFKC"))
	return isNormal.test(half) ? half : withBrackets(fold(half))
}

const withBrackets = (text: string) => text.replace(/[〔〕【】[\]]/g, (bracket) => BRACKETS[bracket] ?? bracket)

/** An identifier from its printed form. An account number's issuer is its company: the part before the first colon. */
export const identifier = (kind: Kind, printed: string, issuer: string | null = null): Identifier => {
	const value = normalForm(printed)
	if (kind === "account-no") return { kind, value, issuer: value.split(":", 1)[0] ?? null }
	return { kind, value, issuer: issuer === null ? null : normalForm(issuer) }
}

/** The value of a 楼栋名: what it is called (`1#`) within a project or works permit; cut at the first `#` to read. */
export const buildingLabel = (projectOrPermit: string, label: string): Identifier => identifier("building-label", `${projectOrPermit}#${label}`)

/** An account number as an identifier: unique per company only. */
export const accountNumber = (company: string, accountNo: string): Identifier => identifier("account-no", `${company}:${accountNo}`)

/** The issuer under which a definition stands: the one it names, else the source that defines. */
export const issuerOf = (id: Identifier, source: Source): string => id.issuer ?? normalForm(source)
