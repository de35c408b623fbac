export { deliveries } from "./deliveries.ts"
export { listening } from "./listening.ts"
export { oldRegistrations } from "./old.ts"
export { type Ordeal, ordeal, type Verdict } from "./ordeal.ts"
