export type { Brand, BuildingCode, Code, ParcelCode, UnitCode } from "./code.ts"
export { COUNTIES_AS_OF } from "./counties.ts"
export { type County, checkCounty, county } from "./county.ts"
export { type Explanation, explain, type Kind, type Level, type LevelName, type Suggestion } from "./explain.ts"
export { FIXTURE, OWNERSHIP, RIGHT } from "./features.ts"
export { formatUnitCode } from "./format.ts"
export {
	bareLandUnitOf,
	buildingOf,
	cadastralDistrictOf,
	cadastralSubdistrictOf,
	countyOf,
	isBareLand,
	isMultiBuilding,
	isOverflowSerial,
	isPseudo,
	isWholeBuilding,
	parcelOf,
	wholeBuildingUnitOf,
} from "./hierarchy.ts"
export { normalise } from "./normalise.ts"
export { parseBuildingCode, parseCode, parseParcelCode, parseUnitCode } from "./parse.ts"
export type { Problem, ProblemRule, Reading, Warning, WarningRule } from "./problem.ts"
export { isBuildingCode, isParcelCode, isUnitCode } from "./recognise.ts"
