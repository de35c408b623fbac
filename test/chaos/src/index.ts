export { type Ordeal, ordeal, type Verdict } from "./ordeal.ts"
