export { type Linker, type LinkerOptions, type PartitionHealth, startLinker } from "./linker.ts"
export { Owner, type OwnerOptions, type Step } from "./owner.ts"
export { TICK } from "./record.ts"
export { takeTurn, type Work } from "./turn.ts"
