import type { Known, Place, Steps } from "@yima/schemas"

type StoredStep = readonly [from: Known, place: Place]

/** Where an event belongs, as steps of knownAt, in the form in which a link keeps it. */
export const storePlaces = (places: Steps<Place>): string => JSON.stringify(places.map(({ from, value }): StoredStep => [from, value]))

/** What `storePlaces` wrote, read back. */
export const restorePlaces = (text: string): Steps<Place> => (JSON.parse(text) as readonly StoredStep[]).map(([from, value]) => ({ from, value }))
