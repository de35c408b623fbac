import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { inputFrom } from "../src/binding.ts"
import { taking } from "../src/inbox.ts"
import { type Json, place, sale } from "./door.ts"

const MOST = 10_000_000

type Headers = Readonly<Record<string, string | Buffer | readonly Buffer[]>>

const record = (headers: Headers, value: Buffer | string | null) => ({
	headers: new Map(Object.entries(headers).map(([name, each]) => [name, Array.isArray(each) ? each : [Buffer.from(each as string)]])),
	value: value === null ? null : Buffer.from(value),
})

/** An event as a sender writes it in binary mode. */
const inBinary = ({ data, ...attributes }: Json, contentType: Headers = { "content-type": "application/json" }) =>
	record({ ...Object.fromEntries(Object.entries(attributes).map(([name, value]) => [`ce_${name}`, String(value)])), ...contentType }, JSON.stringify(data))

const inStructure = (event: Json, contentType: Headers = { "content-type": "application/cloudevents+json" }) => record(contentType, JSON.stringify(event))

describe("an event in Kafka", () => {
	const event = sale("S-1", {
		corrects: "S-0",
		timeprecision: "second",
		traceparent: `00-${"a".repeat(32)}-${"b".repeat(16)}-01`,
		subjectname: "怀川家园 3 号楼",
	})

	test.each([
		["structured", inStructure(event)],
		["structured, with its character set", inStructure(event, { "content-type": 'Application/CloudEvents+JSON; charset="UTF-8"' })],
		["structured, without a content type", inStructure(event, {})],
		["structured, as plain JSON", inStructure(event, { "content-type": "application/json" })],
		["structured, although attributes stand in headers too", record({ "content-type": "application/cloudevents+json", ce_id: "other" }, JSON.stringify(event))],
		["binary", inBinary(event)],
		["binary, without a content type", inBinary(event, {})],
		["binary, in capitals", record({ ...Object.fromEntries(inBinary(event, {}).headers), "Content-Type": "application/json" }, JSON.stringify(event["data"]))],
		[
			"binary, beside a header that is no text",
			record({ ...Object.fromEntries(inBinary(event, {}).headers), trace: Buffer.from([0xff]) }, JSON.stringify(event["data"])),
		],
	])("%s is that event", (_, { headers, value }) => {
		expect(inputFrom({ headers, value }, MOST)).toEqual({ value: event })
	})

	test("says the same in both modes, whatever its attributes and data are", () => {
		const name = fc.stringMatching(/^[a-z0-9]{1,20}$/).filter((each) => each !== "data")
		const attributes = fc.dictionary(name, fc.string({ unit: "grapheme" }), { minKeys: 1, maxKeys: 8, noNullPrototype: true })
		fc.assert(
			fc.property(attributes, fc.jsonValue(), (head, data) => {
				// As JSON says it: a key may be `__proto__`, a number may be -0.
				const whole: unknown = JSON.parse(JSON.stringify({ ...head, data }))
				expect(inputFrom(inBinary({ ...head, data }), MOST)).toEqual({ value: whole })
				expect(inputFrom(inStructure({ ...head, data }), MOST)).toEqual({ value: whole })
			}),
		)
	})

	test.each<[string, ReturnType<typeof record>, string]>([
		["nothing at all", record({}, null), "required "],
		["a tombstone", record({ "content-type": "application/cloudevents+json" }, null), "required "],
		["no JSON", record({ "content-type": "application/cloudevents+json" }, "{"), "json "],
		["bytes that are no text", record({}, Buffer.from([0xff, 0xfe])), "json "],
		["a batch", record({ "content-type": "application/cloudevents-batch+json" }, "[]"), "choice /datacontenttype"],
		["Avro", record({ "content-type": "application/cloudevents+avro" }, "x"), "choice /datacontenttype"],
		["XML data", inBinary(event, { "content-type": "application/xml" }), "choice /datacontenttype"],
		["GBK", inBinary(event, { "content-type": "application/json; charset=gbk" }), "choice /datacontenttype"],
		["an attribute that is no UTF-8", inBinary({ ...event }, { ce_id: Buffer.from([0xc3, 0x28]) }), "characters "],
		["an attribute twice", inBinary(event, { ce_id: [Buffer.from("1"), Buffer.from("2")] }), "type "],
		["an attribute twice, once in capitals", inBinary(event, { CE_ID: "1" }), "type "],
		["data as an attribute", inBinary(event, { ce_data: "{}" }), "forbidden-key /data"],
		["data that are no JSON", record({ ce_id: "1", "content-type": "application/json" }, "甲三"), "json /data"],
		["more bytes than an event may have", record({}, Buffer.alloc(MOST + 1, 32)), "too-large "],
	])("%s is refused, and the refusal repeats nothing of it", (_, { headers, value }, expected) => {
		const input = inputFrom({ headers, value }, MOST)
		if (!("problem" in input)) return expect.unreachable()
		expect(`${input.problem.code} ${input.problem.pointer}`).toBe(expected)
		expect(input.problem.message).not.toContain("甲三")
	})

	test("of any bytes is an event or a problem", () => {
		const bytes = fc.uint8Array({ maxLength: 50 }).map((each) => Buffer.from(each))
		const name = fc.oneof(fc.constantFrom("content-type", "ce_id", "ce_data", "ce___proto__", "Ce_Id", "ce_"), fc.string())
		const value = fc.option(
			fc.oneof(
				bytes,
				fc.json().map((each) => Buffer.from(each)),
			),
		)
		fc.assert(
			fc.property(fc.array(fc.tuple(name, fc.array(bytes, { maxLength: 2 }))), value, (headers, body) => {
				const input = inputFrom({ headers: new Map(headers), value: body }, 1000)
				expect("problem" in input || "value" in input).toBe(true)
			}),
		)
	})
})

describe("a batch of one family's inbox", () => {
	const at = (offset: number, { headers, value }: ReturnType<typeof record>) => ({
		topic: "yima.inbox.sales",
		partition: 2,
		offset: BigInt(offset),
		key: Buffer.from([0, offset]),
		value,
		headers,
	})
	const answered = async (records: readonly ReturnType<typeof at>[]) => {
		const { parts, logged } = place()
		const answers = await taking(parts, () => "sales")(records)
		return { answers: answers.map((each) => ({ ...each, value: JSON.parse(String(each.value)) as Json })), logged: logged() }
	}

	test("goes in by the same door, and nothing is said of what went in", async () => {
		const { answers, logged } = await answered([at(0, inStructure(sale("S-1"))), at(1, inBinary(sale("S-2"))), at(2, inBinary(sale("S-1")))])
		expect(answers).toEqual([])
		expect(logged).toHaveLength(2)
		expect(logged.join("")).not.toContain("甲三")
	})

	test("what is refused is told with the place, the key and the bytes that came, and stops nothing", async () => {
		const other = sale("S-9", { type: "yima.tax.deed-tax-paid.v1", source: "jz/410811/tax" }, { receiptNo: "1", baseCny: "1", amountCny: "1" })
		const broken = record({ "content-type": "application/json", ce_id: Buffer.from([0xff]) }, Buffer.from([1, 2, 3]))
		const { ce_id: _, ...anonymous } = Object.fromEntries(inBinary(sale("S-3")).headers)
		const { answers, logged } = await answered([
			at(0, broken),
			at(1, inStructure(other)),
			at(2, record(anonymous, JSON.stringify(sale("S-3")["data"]))),
			at(3, inStructure(sale("S-4"))),
			at(4, inStructure(sale("S-4", {}, { totalPriceCny: "1.00" }))),
		])
		expect(logged).toHaveLength(1)
		expect(
			answers.map(({ value }) => [
				value["status"],
				value["id"],
				(value["problems"] as readonly Json[]).map(({ code, pointer }) => `${String(code)} ${String(pointer)}`),
			]),
		).toEqual([
			["rejected", "", ["characters "]],
			["rejected", "S-9", ["forbidden-family /type"]],
			["rejected", "", ["required /id"]],
			["conflict", "S-4", ["conflict /id"]],
		])
		expect(answers[0]).toMatchObject({
			key: Buffer.from([0, 0]),
			headers: { "yima-topic": "yima.inbox.sales", "yima-partition": "2", "yima-offset": "0" },
			value: { position: null, original: { headers: { ce_id: ["/w=="] }, value: "AQID" } },
		})
	})

	test("an original of more than a megabyte is not repeated", async () => {
		const { answers } = await answered([at(0, record({}, `{"specversion":"1.0","id":"S-1","more":"${"x".repeat(1_000_000)}"}`))])
		expect(answers[0]?.value).toMatchObject({ id: "S-1", original: null })
	})
})
