export { type City, city, DEMO_CITY } from "./city.ts"
export type { Report } from "./post.ts"
