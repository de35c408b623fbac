import type { Brand } from "./brand.ts"

/** CloudEvents `source`: which system of which department speaks. */
export type Source = Brand<string, "source">

/** Identity of an event: `<source>#<id>`; no source holds a `#`. */
export type EventKey = `${Source}#${string}`

export const eventKey = (source: Source, id: string): EventKey => `${source}#${id}`
