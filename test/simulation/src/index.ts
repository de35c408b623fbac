export { pictureAt, shownAt } from "./picture.ts"
export { Scheduler } from "./scheduler.ts"
export { type Faults, NO_FAULTS, type Outcome, simulate } from "./simulate.ts"
