import { expect, test } from "vitest"
import { failureOf } from "../src/index.ts"

const caught = (work: () => unknown): unknown => {
	try {
		return work()
	} catch (error) {
		return error
	}
}

const PERSON = "张三丰 410811199001011234 13800138000"

test("a JSON error quotes the text that it could not read: its message stays out, where it happened does not", () => {
	const failure = failureOf(caught(() => JSON.parse(`{"name":"${PERSON}`)))
	expect(failure).toMatchObject({ error: "SyntaxError", code: null, message: null })
	expect(failure.at.length).toBeGreaterThan(0)
	expect(JSON.stringify(failure)).not.toContain("张三")
})

test("frames that stand in a message are no frames", () => {
	const failure = failureOf(new Error(`${PERSON}\n    at ${PERSON} (file:1:1)`))
	expect(failure.at.length).toBeGreaterThan(0)
	expect(JSON.stringify(failure)).not.toMatch(/张三|4108|1380/)
})

test("a database that refuses a value is known by its code; one that is shutting down says so", () => {
	const database = (code: string, message: string) => Object.assign(new Error(message), { code, detail: PERSON, where: PERSON })
	expect(failureOf(database("22P02", `invalid input syntax for type bigint: "${PERSON}"`))).toMatchObject({ code: "22P02", message: null })
	expect(failureOf(database("57P01", "terminating connection due to administrator command")).message).toBe(
		"terminating connection due to administrator command",
	)
	expect(JSON.stringify(failureOf(database("57P01", "terminating connection")))).not.toContain("张三")
})

test("a cause is named behind what it caused, with its code and what the system says of it", () => {
	const refused = Object.assign(new Error(PERSON), { code: "ECONNREFUSED", syscall: "connect", address: "127.0.0.1", port: 5432 })
	const failure = failureOf(Object.assign(new Error(PERSON, { cause: refused }), { _tag: "Unavailable" }))
	expect(failure).toMatchObject({ error: "Unavailable < Error", code: "ECONNREFUSED", message: "connect ECONNREFUSED 127.0.0.1 5432" })
})

test("whatever is thrown is an error: a text, nothing, a circle", () => {
	expect(failureOf(PERSON)).toEqual({ error: "string", code: null, message: null, at: [] })
	expect(failureOf(undefined).error).toBe("undefined")
	const circle: { cause?: unknown; name: string } = { name: PERSON }
	circle.cause = circle
	expect(failureOf(circle).error).toBe("Object")
})
