export { deliveries } from "./deliveries.ts"
export { oldRegistrations } from "./old.ts"
export { type Ordeal, ordeal, type Verdict } from "./ordeal.ts"
