export { type Adversity, adversity } from "./adversary.ts"
export { dice } from "./dice.ts"
export { type Core, knownTimes, orderFree } from "./property.ts"
