export { ask, isWorkedOff, type Running, runYima, yima } from "./deployment.ts"
export { crossingEvents, messageOf } from "./events.ts"
export { expectedHash } from "./expected.ts"
