export { city, cityAsSent } from "./city.ts"
