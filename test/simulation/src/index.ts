export { pictureAt, type Shown, shownAt } from "./picture.ts"
export { postgresStore } from "./postgres-store.ts"
export { Scheduler } from "./scheduler.ts"
export { type Contents, type Faults, memoryStore, NO_FAULTS, type Outcome, type Store, simulate } from "./simulate.ts"
