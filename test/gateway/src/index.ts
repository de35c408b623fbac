export { corpus, startTown, type Town } from "./town.ts"
