import fc from "fast-check"

// Built from the structure alone, not from the package under test.

const digits = (length: number) => fc.stringMatching(new RegExp(`^\\d{${length}}$`))
const positive = (length: number) => digits(length).filter((text) => Number(text) > 0)
const join = (...parts: fc.Arbitrary<string>[]) => fc.tuple(...parts).map((texts) => texts.join(""))

const letters = fc.oneof(join(fc.constantFrom("G", "J", "Z"), fc.constantFrom(..."BCDEFGHLNSWXY")), fc.constant("JA"))
const settled = fc
	.tuple(digits(6), letters)
	.filter(([districts, [, right]]) => districts !== "000000" || right === "G" || right === "H")
	.map(([districts, feature]) => districts + feature)
const unsettled = join(fc.constant("000000"), fc.constantFrom("G", "J", "Z"), fc.constantFrom(..."BCDEFLNSWXY"))

export const parcels = fc.oneof({ weight: 4, arbitrary: join(digits(6), settled, positive(5)) }, join(digits(6), unsettled, digits(5)))
export const buildings = join(
	parcels,
	fc.constant("F"),
	positive(4).filter((text) => text !== "9999"),
)
const overflow = join(fc.constantFrom(..."abcdefghijklmnopqrstuvwxyz"), positive(3))
export const units = fc.oneof(
	{ weight: 4, arbitrary: join(buildings, digits(4)) },
	join(buildings, overflow),
	join(parcels, fc.constant("F9999"), fc.oneof(positive(4), overflow, fc.constant("9999"))),
	join(parcels, fc.constant("W00000000")),
	join(parcels, fc.constantFrom("L", "Q"), positive(8)),
)

/** Any text: nonsense, near misses and codes with one character replaced. */
export const texts = fc.oneof(
	fc.string({ unit: "binary", maxLength: 60 }),
	fc.stringMatching(/^[0-9A-Za-z]{17,30}$/),
	fc.oneof(parcels, buildings, units),
	fc
		.tuple(fc.oneof(parcels, buildings, units), fc.nat(27), fc.constantFrom(..."0123456789AGJZBHWFLQXakz "))
		.map(([code, at, other]) => code.slice(0, at) + other + code.slice(at + 1)),
	fc.tuple(fc.oneof(parcels, units), fc.nat(27)).map(([code, at]) => `${code.slice(0, at)}0000000${code.slice(at + 7)}`),
)
