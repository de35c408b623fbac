import type { BuildingCode, ParcelCode, UnitCode } from "./code.ts"

// The second road: the same rules as parse.ts in one pass without allocation, for decoding in bulk. The tests hold the two against each other.

const SERIAL = String.raw`(?:(?!.{14}00000)|(?=\d{6}000000.[^GH]))`
const PARCEL = String.raw`${SERIAL}\d{12}(?:[GJZ][BCDEFGHLNSWXY]|JA)\d{5}`

const parcel = new RegExp(`^${PARCEL}$`)
const building = new RegExp(String.raw`^${PARCEL}F(?!0000|9999)\d{4}$`)
const unit = new RegExp(String.raw`^${PARCEL}(?:F(?!0000|99990000)\d{4}(?:\d{4}|[a-z](?!000)\d{3})|W0{8}|[LQ](?!0{8})\d{8})$`)

/** True for a 宗地代码 in normal form. */
export const isParcelCode = (text: string): text is ParcelCode => parcel.test(text)

/** True for the 24 characters of a building in normal form. */
export const isBuildingCode = (text: string): text is BuildingCode => building.test(text)

/** True for a 不动产单元代码 in normal form. */
export const isUnitCode = (text: string): text is UnitCode => unit.test(text)
