export { type Failure, failuresAsSpecified, failuresOf } from "./expectation.ts"
export { type Run, runsOf } from "./run.ts"
export { readStories, type Story } from "./story.ts"
