import { describe, expect, test } from "vitest"
import { retryAfter, verdictOf } from "../src/index.ts"

const NOW = Date.parse("2026-06-01T00:00:00Z")
const DAY = 24 * 3600_000
const inTime = (ms: number): string => new Date(NOW + ms).toUTCString()

const HEADERS: readonly (readonly [what: string, header: string | undefined, wait: number | null])[] = [
	["none", undefined, null],
	["seconds", "120", 120_000],
	["seconds in white space", " 120 ", 120_000],
	["none at all: at once", "0", 0],
	["a date", inTime(90_000), 90_000],
	["a date in the past: at once", inTime(-90_000), 0],
	["a date as RFC 850 writes it", "Monday, 01-Jun-26 00:05:00 GMT", 300_000],
	["a date as asctime writes it, which is of Greenwich too", "Mon Jun  1 00:05:00 2026", 300_000],
	["seconds that are more than a day", "86401", DAY],
	["seconds that no number holds", "9".repeat(400), DAY],
	["a date that is years away", inTime(1000 * DAY), DAY],
	["less than nothing", "-5", null],
	["a part of a second", "1.5", null],
	["a list", "5, 10", null],
	["nothing", "", null],
	["words", "later", null],
	["words with a year", "soon 2099", null],
	["another notation of a date", "2099-01-01T00:00:00Z", null],
	["a day that is none", "Mon, 99 Jun 2026 00:05:00 GMT", null],
]

describe("Retry-After", () => {
	test.each(HEADERS)("%s", (_, header, wait) => {
		expect(retryAfter(header, NOW)).toBe(wait)
	})

	test.each([
		[429, "down", 60_000],
		[503, "down", 60_000],
		[500, "down", 60_000],
		[301, "down", 60_000],
		[422, "refused", 60_000],
	])("is taken of a %d", (status, is, after) => {
		expect(verdictOf({ is: "answered", status, headers: { "retry-after": "60" }, body: "" }, NOW)).toMatchObject({ is, after })
		expect(verdictOf({ is: "answered", status, headers: {}, body: "" }, NOW)).toMatchObject({ is, after: null })
	})
})
