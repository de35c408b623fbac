import { Schema } from "effect"
import { choice, share, struct, text } from "./fields.ts"
import { fold } from "./identifier.ts"
import { isLocalDate } from "./moment.ts"
import type { DataSubject, PersonalKind, Sealer } from "./seal.ts"
import { simplify } from "./traditional.ts"

/** 证件种类: 统一社会信用代码 for organisations; everything else is a natural person. */
export const IdKind = choice("uscc", "resident-id", "passport", "other")
export type IdKind = typeof IdKind.Type

/** 当事人 as a department sends it. */
export const WireParty = struct({
	name: text(200),
	idKind: IdKind,
	idNumber: text(64),
	share: Schema.optionalKey(share),
	phone: Schema.optionalKey(text(32)),
}).annotate({
	identifier: "Party",
	title: "当事人",
	description: "idKind uscc: an organisation, kept in clear; anything else a natural person, whose name, idNumber and phone are sealed before they are stored",
})
export type WireParty = typeof WireParty.Type

const SealedValue = Schema.Struct({ cipher: Schema.String, blind: Schema.String, valid: Schema.optionalKey(Schema.Boolean) })

/** 当事人 as the log and the core hold it: an organisation in clear, a natural person sealed (architecture rule 13). */
export const SealedParty = Schema.Union([
	struct({ name: text(200), idKind: Schema.Literal("uscc"), idNumber: text(64), share: Schema.optionalKey(share), phone: Schema.optionalKey(text(32)) }),
	struct({
		name: SealedValue,
		idKind: choice("resident-id", "passport", "other"),
		idNumber: SealedValue,
		share: Schema.optionalKey(share),
		phone: Schema.optionalKey(SealedValue),
	}),
])
export type SealedParty = typeof SealedParty.Type

/** The dot between the parts of a name, in the characters that input methods and fonts have for it. */
const DOTS = /[·•・‧∙⋅᛫⸱⸳・･ꞏ]+/gu

/** The form in which two spellings of a person's name are one (`events.md`, values): NFKC, no spaces, no ·, upper case, simplified. */
export const normalName = (name: string): string => simplify(FOLDED.test(name) ? name : fold(fold(name).replace(DOTS, "")))

/** What folding leaves as it is, as most names and numbers are: it is asked four times for every event with two persons. */
const FOLDED = /^[0-9A-Z\u4e00-\u9fff]*$/

/** The form in which two spellings of an id number are one: as a name's, and a 15-digit resident id as its 18. */
export const normalIdNumber = (idKind: IdKind, idNumber: string): string => {
	const plain = normalName(idNumber)
	if (idKind !== "resident-id" || !/^\d{15}$/.test(plain)) return plain
	const body = `${plain.slice(0, 6)}19${plain.slice(6)}`
	return body + residentIdCheck(body)
}

/** ISO 7064 MOD 11-2 over 17 digits (GB 11643-1999): the 18th character. */
const residentIdCheck = (body: string): string => {
	const sum = [...body].reduce((total, digit, at) => total + Number(digit) * (2 ** (17 - at) % 11), 0)
	return "10X98765432"[sum % 11] ?? ""
}

const isResidentId = (normal: string): boolean =>
	/^\d{17}[\dX]$/.test(normal) &&
	isLocalDate(`${normal.slice(6, 10)}-${normal.slice(10, 12)}-${normal.slice(12, 14)}`) &&
	residentIdCheck(normal.slice(0, 17)) === normal[17]

const USCC = "0123456789ABCDEFGHJKLMNPQRTUWXY"

/** GB 32100-2015: 18 characters without I, O, S, V, Z, the last by weights 3^n mod 31. */
const isUscc = (normal: string): boolean => {
	if (!/^[0-9A-HJ-NPQRTUWXY]{18}$/.test(normal)) return false
	const sum = [...normal.slice(0, 17)].reduce((total, c, at) => total + USCC.indexOf(c) * (3 ** at % 31), 0)
	return USCC[(31 - (sum % 31)) % 31] === normal[17]
}

/** Whether form and check digit are right (C29); passports and other papers have none that could be wrong. */
export const isIdNumberValid = (idKind: IdKind, idNumber: string): boolean => isNormalIdValid(idKind, normalIdNumber(idKind, idNumber))

const isNormalIdValid = (idKind: IdKind, normal: string): boolean =>
	idKind === "resident-id" ? isResidentId(normal) : idKind === "uscc" ? isUscc(normal) : true

/** Seals a natural person; an organisation stays as it is. */
export const sealParty = (party: WireParty, sealer: Sealer): SealedParty => (party.idKind === "uscc" ? party : sealPerson(party, sealer)) as SealedParty

/** Seals what is personal of a natural person, whatever else is said of it: in fields that the contract does not know, a phone may be a number or the kind of paper absent. `isClear`: text that is no person's. */
export const sealPerson = (person: object, sealer: Sealer, isClear: (field: string) => boolean = () => false): object => {
	const { name, idKind, idNumber, phone } = person as Readonly<Record<string, unknown>>
	const textOf = (kind: PersonalKind, value: unknown): string | null =>
		!isClear(kind) && (typeof value === "string" || typeof value === "number") ? String(value) : null
	const plain = { name: textOf("name", name), idNumber: textOf("idNumber", idNumber), phone: textOf("phone", phone) }
	const normal = {
		name: plain.name === null ? null : normalName(plain.name),
		idNumber: plain.idNumber === null ? null : normalIdNumber(idKind as IdKind, plain.idNumber),
		phone: plain.phone === null ? null : normalName(plain.phone),
	}
	const known = normal.idNumber !== null ? "idNumber" : normal.name !== null ? "name" : "phone"
	const subject: DataSubject = { kind: known, idKind: typeof idKind === "string" ? idKind : "", normal: normal[known] ?? "" }
	const sealed: Record<string, unknown> = { ...person }
	if (plain.name !== null && normal.name !== null) sealed["name"] = sealer("name", normal.name, plain.name, subject)
	if (plain.idNumber !== null && normal.idNumber !== null)
		sealed["idNumber"] = Object.assign(sealer("idNumber", normal.idNumber, plain.idNumber, subject), {
			valid: isNormalIdValid(idKind as IdKind, normal.idNumber),
		})
	if (plain.phone !== null && normal.phone !== null) sealed["phone"] = sealer("phone", normal.phone, plain.phone, subject)
	return sealed
}
