import type { Brand } from "./brand.ts"

/** A number with exactly two places as text, `"1234.50"`; negative only where a difference is meant. */
export type Decimal = Brand<string, "decimal">
/** 元, two places. */
export type Cny = Decimal
/** Square metres, two places. */
export type M2 = Decimal

const decimal = /^(-?)(\d{1,15})(?:\.(\d{1,2}))?$/

/** Reads 0 to 2 places and writes two, without leading zeros or a negative zero; null where the text is no such number. */
export const parseDecimal = (text: string, signed = false): Decimal | null => {
	const [, sign, whole = "", places = ""] = decimal.exec(text) ?? []
	if (sign === undefined || (sign !== "" && !signed)) return null
	const digits = `${whole.replace(/^0+(?=\d)/, "")}.${places.padEnd(2, "0")}`
	return (digits === "0.00" ? digits : sign + digits) as Decimal
}

/** In hundredths, exact. */
export const hundredths = (value: Decimal): bigint => BigInt(value.replace(".", ""))

/** From hundredths back to the text. */
export const fromHundredths = (value: bigint): Decimal => {
	const digits = String(value < 0n ? -value : value).padStart(3, "0")
	return `${value < 0n ? "-" : ""}${digits.slice(0, -2)}.${digits.slice(-2)}` as Decimal
}
