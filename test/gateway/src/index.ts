export { corpus, startTown, story, type Town } from "./town.ts"
