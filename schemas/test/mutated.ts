import fc from "fast-check"
import { type Json, stored } from "./stored.ts"

/** Values that are wrong almost everywhere, each for another reason, and some that are right in one place. */
const STRANGE: readonly unknown[] = [
	null,
	true,
	false,
	0,
	-1,
	1.5,
	1e300,
	"",
	" ",
	"x",
	"2023-02-30",
	"2023-05-31",
	"2023-05-31T00:00:00+08:00",
	"2023-05-31T09:30:00.123456Z",
	"1234.5",
	"-1.00",
	"1,000",
	"1/2",
	"0/1",
	"410811001002GB00018F00030045",
	"410811001002GB00018F0003",
	"410811001002GB00018",
	"project:2301-410811-04-01-100018",
	"other",
	"\u0000",
	"\ud800",
	"豫（2023）焦作市不动产权第0012345号",
	[],
	["410811001002GB00018"],
	{},
	{ name: "甲", idKind: "uscc", idNumber: "1" },
	{ constructor: 1, toString: "x" },
]

interface Place {
	readonly holder: Record<string, unknown> | unknown[]
	readonly key: string
}

const places = (value: unknown): readonly Place[] => {
	if (typeof value !== "object" || value === null) return []
	const holder = value as Record<string, unknown>
	return Object.keys(holder).flatMap((key) => [{ holder, key }, ...places(holder[key])])
}

const change = (event: Json, where: number, how: number, value: unknown): Json => {
	const copy = structuredClone(event) as Record<string, unknown>
	const all = places(copy)
	const place = all[where % all.length]
	if (place === undefined) return copy
	const { holder, key } = place
	const held = holder as Record<string, unknown>
	if (how === 0 && !Array.isArray(holder)) delete held[key]
	else if (how === 1) held[Array.isArray(holder) ? holder.length : `${key}~/x`] = value
	else if (how === 2 && !Array.isArray(holder)) {
		const other = all[(where * 7 + 3) % all.length]
		if (other !== undefined) held[other.key] = structuredClone(held[key])
	} else held[key] = structuredClone(value)
	return copy
}

/** A stored event with one to three things changed: left out, added, moved under another name, or put in the place of what was right. */
export const mutated: fc.Arbitrary<Json> = fc
	.tuple(
		fc.constantFrom(...stored.map((each) => each.event)),
		fc.array(fc.tuple(fc.nat(400), fc.nat(4), fc.oneof(fc.constantFrom(...STRANGE), fc.string({ unit: "binary" }), fc.jsonValue({ maxDepth: 3 }))), {
			minLength: 1,
			maxLength: 3,
		}),
	)
	.map(([event, changes]) => changes.reduce<Json>((each, [where, how, value]) => change(each, where, how, value), event))
