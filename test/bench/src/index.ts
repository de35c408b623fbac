export { city, cityAsSent } from "./city.ts"
export { Sayer } from "./pipeline/derived-rows.ts"
export { PARTITIONS } from "./pipeline/linking.ts"
