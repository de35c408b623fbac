import type { BuildingCode, Code, ParcelCode, UnitCode } from "./code.ts"

// Districts come as the whole prefix (9, 12 characters), because 001 alone names nothing.

export const countyOf = (code: Code): string => code.slice(0, 6)

export const cadastralDistrictOf = (code: Code): string => code.slice(0, 9)

export const cadastralSubdistrictOf = (code: Code): string => code.slice(0, 12)

export const parcelOf = (code: Code): ParcelCode => code.slice(0, 19) as ParcelCode

/** Null for parcels, bare land, 林木, other fixtures and units over several buildings: none of them stands in one building. */
export const buildingOf = (code: Code): BuildingCode | null => (code[19] === "F" && code.slice(20, 24) !== "9999" ? (code.slice(0, 24) as BuildingCode) : null)

export const bareLandUnitOf = (parcel: ParcelCode): UnitCode => `${parcel}W00000000` as UnitCode

export const wholeBuildingUnitOf = (building: BuildingCode): UnitCode => `${building}0000` as UnitCode

export const isBareLand = (unit: UnitCode): boolean => unit[19] === "W"

/** 户号 0000: the building itself is the unit. */
export const isWholeBuilding = (unit: UnitCode): boolean => unit[19] === "F" && unit.endsWith("0000")

/** 幢号 9999: several buildings, or a whole project, as one unit (vendor practice). */
export const isMultiBuilding = (unit: UnitCode): boolean => unit.startsWith("F9999", 19) && !isVirtual(unit)

/** 户号 a001…z999, where a vendor goes on after 9999. Read, never issued. */
export const isOverflowSerial = (unit: UnitCode): boolean => /[a-z]/.test(unit[24] ?? "")

/** A code of no parcel: a legacy house not yet put on one, or a virtual unit for a mortgage by volume. To be parked, never linked. */
export const isPseudo = (code: Code): boolean => isVirtual(code) || /^.{6}0{6}.[^GH]/.test(code)

const isVirtual = (code: Code) => code.startsWith("F99999999", 19)
