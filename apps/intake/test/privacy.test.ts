import fc from "fast-check"
import { expect, test } from "vitest"
import { place, sale } from "./door.ts"

/** Values that cannot stand in an event by chance. */
const name = fc.string({ unit: fc.constantFrom(..."赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨·ＺａＱ 國"), minLength: 4, maxLength: 12 }).map((text) => `䲜${text}䲜`)
const idNumber = fc.stringMatching(/^[1-9]\d{16}[\dXx]$/)
const phone = fc.stringMatching(/^1[3-9]\d{9}$/)
const person = fc.record({ name, idKind: fc.constantFrom("resident-id", "passport", "other"), idNumber, phone })
/** As in fields that the contract does not know: a phone may be a number, the kind of paper absent. */
const stranger = fc.record({ name, idNumber, phone: phone.map(Number) }, { requiredKeys: ["idNumber"] })

const values = (people: readonly object[]): readonly string[] =>
	people.flatMap((each) =>
		["name", "idNumber", "phone"].flatMap((field) => (Object.hasOwn(each, field) ? [String((each as Record<string, unknown>)[field])] : [])),
	)

test("no name, number or phone of a natural person is in the log, in its keys or in an answer, right or wrong", async () => {
	await fc.assert(
		fc.asyncProperty(fc.array(person, { minLength: 1, maxLength: 3 }), stranger, fc.boolean(), async (buyers, witness, broken) => {
			const { door, log, failures } = place()
			const wrong = broken ? { totalPriceCny: "很多", buyers: [...buyers, { ...buyers[0], idKind: "护照" }, [buyers[0]]] } : { buyers }
			const event = sale("1", { sentby: witness }, { ...wrong, handledBy: { clerk: witness }, remarks: [{ of: [witness] }] })
			const results = await door.submit([event, event])
			expect(results[0]?.status).toBe(broken ? "rejected" : "accepted")
			const said = JSON.stringify([results, failures, [0, 1, 2].map((partition) => log.held(partition).map(({ key, value }) => [key, value]))])
			for (const value of values([...buyers, witness])) expect(said).not.toContain(value)
		}),
		{ numRuns: 300 },
	)
})
