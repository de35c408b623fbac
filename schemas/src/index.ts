export type { BuildingCode, ParcelCode, UnitCode } from "@yima/unit-code"
export { AccountRequestData, requestedUnit, requestIdOf } from "./account-request.ts"
export { BOUNDS } from "./bounds.ts"
export type { Brand } from "./brand.ts"
export type { Astray, Concern, Force, ParkReason, Place, PlaceRule, Reach } from "./concern.ts"
export { type Cny, type Decimal, fromHundredths, hundredths, type M2, parseDecimal } from "./decimal.ts"
export { decodeSealed, decodeText, decodeWire, typeNameOf, type WireEvent, wireTypeOf } from "./decode.ts"
export { sealEvent, toCloudEvent } from "./encode.ts"
export type { AnyEvent, Entry, Event, Mention } from "./event.ts"
export { type Data, familyOf, isRetracted, type RetractedName, sealed, TYPE_NAMES, type TypeName, type WireData, wire } from "./events/catalogue.ts"
export { accountNumber, buildingLabel, type Identifier, identifier, issuerOf, KINDS, type Kind, normalForm } from "./identifier.ts"
export { labelIdentifiers, ownDefinitions } from "./mentions.ts"
export {
	AHEAD,
	endOfDay,
	endOfDayAfter,
	endOfMonthsAfter,
	formatMoment,
	isMidnight,
	type Known,
	type LocalDate,
	localDate,
	localDay,
	type Moment,
	parseMoment,
	startOfDay,
} from "./moment.ts"
export { compare, inOrder, surelyBefore, type Timed } from "./order.ts"
export { type IdKind, isIdNumberValid, normalIdNumber, normalName, type SealedParty, sealParty, type WireParty } from "./party.ts"
export { formatPosition, type LogPlace, parsePosition } from "./position.ts"
export { type Checked, PROBLEM_CODES, type Problem, type ProblemCode, step } from "./problem.ts"
export { Refused } from "./refused.ts"
export { RuleContent } from "./rule-set.ts"
export {
	ancestorsOf,
	buildingOfCode,
	type Code,
	isProject,
	isPseudoCode,
	type Level,
	levelOf,
	normalProject,
	type ProjectCode,
	parcelOfCode,
	parseCode,
	relatedToAny,
	type Scope,
	scopeOf,
	withinAny,
} from "./scope.ts"
export { blinded, type DataSubject, type PersonalKind, type Sealed, type Sealer } from "./seal.ts"
export { type EventKey, eventKey, type Source } from "./source.ts"
export { equal, mapSteps, type Steps, splitSteps, stepAt, steps } from "./steps.ts"
export { SubmitResult, sameBody } from "./submit-result.ts"
export { DERIVED, INBOX_FAMILIES, inboxTopic, refusedTopic } from "./topics.ts"
