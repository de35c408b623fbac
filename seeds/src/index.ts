export { type City, city, DEMO_CITY } from "./city.ts"
export { residentId } from "./people.ts"
export type { Report } from "./post.ts"
