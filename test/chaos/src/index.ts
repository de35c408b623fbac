export { deliveries } from "./deliveries.ts"
export { type Ordeal, ordeal, type Verdict } from "./ordeal.ts"
