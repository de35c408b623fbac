export { entryOf, eventOf, type Json } from "./entry.ts"
export { testSealer } from "./seal.ts"
export { until } from "./until.ts"
export {
	batch,
	concernsAt,
	hashesAt,
	incremental,
	knownTimes,
	pictureOf,
	placesAt,
	type Schedule,
	standing,
	statesOf,
	viewAt,
	type World,
	worldOf,
} from "./world.ts"
