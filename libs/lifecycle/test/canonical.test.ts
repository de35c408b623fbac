import canonicalize from "canonicalize"
import fc from "fast-check"
import { expect, test } from "vitest"
import { canonical } from "../src/canonical.ts"

test("canonical JSON is RFC 8785's, whatever the keys and texts", () => {
	fc.assert(fc.property(fc.jsonValue(), (value) => canonical(value) === canonicalize(value)))
	expect(canonical({ 10: "a", 9: "b", é: 1e21, "\u{1f600}": -0, a: undefined })).toBe('{"10":"a","9":"b","é":1e+21,"😀":0}')
})
