export { readyQueries } from "./explorer.ts"
export { type Gateway, type GatewayOptions, gateway } from "./gateway.ts"
export type { Closed, Open } from "./reading.ts"
