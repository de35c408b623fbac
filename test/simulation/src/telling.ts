import { Owner } from "@yima/linker"
import { MemoryRegistry } from "@yima/registry"
import { type Moment, parseMoment, toCloudEvent } from "@yima/schemas"
import { eventOf, type Json } from "@yima/test-kit"

export const moment = (text: string): Moment => parseMoment(text) as Moment

/** An event of one source. */
export const event = (id: string, type: string, time: string, data: Json, subject?: string): Json => ({
	specversion: "1.0",
	id,
	source: "urn:jz:a",
	type: `yima.${type}.v1`,
	...(subject === undefined ? {} : { subject }),
	time,
	data,
})

export type Said = readonly [at: string, event: Json]

/** A registry whose one partition has been told these, one at a time, by a log whose clock stood at these moments; `until`: time goes on. */
export const told = async (
	said: readonly Said[],
	passed?: (now: Moment) => Promise<number>,
): Promise<{ readonly registry: MemoryRegistry; readonly until: (at: string) => Promise<void> }> => {
	const registry = new MemoryRegistry(1)
	const clock = { now: 0 as Moment }
	const owner = new Owner({
		partition: 0,
		registry,
		incarnation: "1",
		now: () => clock.now,
		posted: () => undefined,
		...(passed === undefined ? {} : { passed: () => passed(clock.now) }),
	})
	const until = async (at: string) => {
		clock.now = moment(at)
		while ((await owner.step()) !== "idle");
	}
	for (const [offset, [at, json]] of said.entries()) {
		owner.give([{ partition: 0, offset: BigInt(offset), appendedAt: moment(at), key: "", value: JSON.stringify(toCloudEvent(eventOf(json))) }])
		await until(at)
	}
	return { registry, until }
}
