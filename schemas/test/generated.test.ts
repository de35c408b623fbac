import { existsSync, readdirSync, readFileSync } from "node:fs"
import { describe, expect, test } from "vitest"
import { asyncApi, generated, type Json, schemaOf } from "../src/generate.ts"
import { familyOf, INBOX_FAMILIES, KINDS, TYPE_NAMES, type TypeName } from "../src/index.ts"
import { CHOICE_TITLES, FIELD_TITLES } from "../src/titles.ts"

const root = new URL("../generated/", import.meta.url)
const COMMAND = "stale: run `npm run generate --workspace schemas`"

describe("schemas/generated", () => {
	test.each([...generated()])("%s is what the catalogue says", (path, text) => {
		const file = new URL(path, root)
		expect(existsSync(file) ? readFileSync(file, "utf8") : "", COMMAND).toBe(text)
	})

	test("holds nothing else", () => {
		// The gateway prints its own schema beside it.
		const found = readdirSync(root, { recursive: true, withFileTypes: true }).filter((each) => each.isFile() && each.name !== "gateway.graphql")
		expect(found.length, COMMAND).toBe(generated().size)
	})
})

/** The contract as a person copied it from the design: type, scope, fields with `!` and ◆, choices, parties and booleans. */
const contract = readFileSync(new URL("contract.tsv", import.meta.url), "utf8")
	.trimEnd()
	.split("\n")
	.map((line) => line.split("\t"))
	.map(([name = "", scope = "", fields = ""]) => ({ name, scope, fields }))

const objectOf = (shape: Json): Json => (shape["items"] as Json | undefined) ?? shape

/** A shape in the words of `contract.tsv`, its fields in alphabetical order. */
const wordsOf = (shape: Json): string => {
	const required = (shape["required"] ?? []) as readonly string[]
	return Object.entries(shape["properties"] as Readonly<Record<string, Json>>)
		.map(([name, each]) => {
			const value = objectOf(each)
			const choices = value["enum"] as readonly string[] | undefined
			const after = value["$ref"] === "#/$defs/Party" ? ":Party" : value["type"] === "boolean" ? ":boolean" : choices ? `(${choices.join("|")})` : ""
			const inside = "properties" in value ? `[${wordsOf(value)}]` : ""
			return `${"x-defines" in value ? "◆" : ""}${name}${required.includes(name) ? "!" : ""}${after}${inside}`
		})
		.sort()
		.join(" ")
}

const sorted = (words: string): string => {
	const found: string[] = []
	let depth = 0
	for (const part of words.split(" ")) {
		if (depth === 0) found.push(part)
		else found.push(`${found.pop()} ${part}`)
		depth += part.split("[").length - part.split("]").length
	}
	return found
		.map((each) => {
			const [, head, inside] = /^(.*?)\[(.*)\]$/.exec(each) ?? []
			return inside === undefined ? each : `${head}[${sorted(inside)}]`
		})
		.sort()
		.join(" ")
}

const dataOf = (name: TypeName): Json => (schemaOf(name)["$defs"] as { readonly Data: Json }).Data

describe("the catalogue is the contract of the design", () => {
	test("no type is missing and none is invented", () => {
		const families = [...new Set(contract.map(({ name }) => name.slice(0, name.indexOf("."))))]
		const expected = [...contract.map(({ name }) => name), ...families.map((family) => `${family}.retracted`)]
		expect([...TYPE_NAMES].sort()).toEqual(expected.sort())
	})

	test.each(contract)("$name", ({ name, scope, fields }) => {
		const { refs, documents, ...own } = dataOf(name as TypeName)["properties"] as Readonly<Record<string, Json>>
		expect(schemaOf(name as TypeName)["x-scope"]).toBe(scope)
		expect(wordsOf({ ...dataOf(name as TypeName), properties: own })).toBe(sorted(fields))
		expect(wordsOf({ properties: { refs, documents } })).toBe(
			`documents[issuedOn issuer kind! number! sha256 title uri] refs[issuer kind!(${KINDS.join("|")}) value!]`,
		)
	})

	test.each(TYPE_NAMES.filter((name) => name.endsWith(".retracted")))("%s", (name) => {
		expect(wordsOf(dataOf(name))).toMatch(/^documents\[.*\] event!\[id!\] reason! refs\[.*\]$/)
		expect(schemaOf(name)["x-scope"]).toBe("any")
	})

	test("a number in a type's own field is an identifier of the kind that the design says", () => {
		const kinds = (name: TypeName) =>
			Object.fromEntries(
				Object.entries(dataOf(name)["properties"] as Readonly<Record<string, Json>>).flatMap(([field, shape]) => {
					const found = objectOf(shape)["x-defines"] ?? objectOf(shape)["x-uses"]
					return found === undefined ? [] : [[field, found]]
				}),
			)
		const BY_NAME: Readonly<Record<string, string>> = {
			supervisionNo: "supervision-no",
			grantContractNo: "grant-contract-no",
			projectCode: "project-code",
			presalePermitNo: "presale-permit-no",
			worksPermitNo: "works-permit-no",
			surveyNo: "survey-no",
			contractNo: "contract-no",
			invoiceNo: "invoice-no",
			certificateNo: "certificate-no",
			landCertificateNo: "certificate-no",
			proofNo: "proof-no",
			seizureNo: "seizure-no",
			verificationNo: "verification-no",
			accountNo: "account-no",
			applicationNo: "application-no",
			opinionNo: "acceptance-no",
			filingNo: "acceptance-no",
			buildingLabels: "building-label",
		}
		const PERMITS: Readonly<Record<string, readonly string[]>> = {
			"planning.land-permitted": ["land-permit-no"],
			"planning.works-permitted": ["works-permit-no"],
			"planning.permit-amended": ["land-permit-no", "works-permit-no"],
			"planning.permit-extended": ["land-permit-no", "works-permit-no"],
			"planning.permit-revoked": ["land-permit-no", "works-permit-no"],
			"construction.permitted": ["construction-permit-no"],
			"construction.permit-extended": ["construction-permit-no"],
			"construction.permit-revoked": ["construction-permit-no"],
			"construction.started": ["construction-permit-no"],
			"construction.presale-permitted": ["presale-permit-no"],
			"construction.presale-revoked": ["presale-permit-no"],
			"construction.completed-sale-filed": ["presale-permit-no"],
		}
		for (const name of TYPE_NAMES) {
			const expected = Object.keys(dataOf(name)["properties"] as Json).flatMap((field) => {
				if (field === "permitNo") return [[field, PERMITS[name]]]
				if (field === "receiptNo") return familyOf(name) === "tax" ? [[field, ["tax-receipt-no"]]] : []
				return BY_NAME[field] === undefined ? [] : [[field, [BY_NAME[field]]]]
			})
			expect(kinds(name), name).toEqual(Object.fromEntries(expected))
		}
	})
})

const everyShape = (shape: unknown): readonly Json[] =>
	typeof shape !== "object" || shape === null ? [] : [shape as Json, ...Object.values(shape).flatMap(everyShape)]

test("every field and every choice has its Chinese title, and no title is left over", () => {
	const shapes = TYPE_NAMES.flatMap((name) => everyShape(schemaOf(name)["$defs"]))
	const fields = new Set(shapes.flatMap((shape) => Object.keys((shape["properties"] as Json | undefined) ?? {})))
	const choices = new Set(
		[...TYPE_NAMES.flatMap((name) => everyShape(schemaOf(name)))].flatMap((shape) => (shape["enum"] as readonly string[] | undefined) ?? []),
	)
	expect([...fields].sort()).toEqual(Object.keys(FIELD_TITLES).sort())
	expect([...choices].sort()).toEqual(Object.keys(CHOICE_TITLES).sort())
})

describe("AsyncAPI", () => {
	const api = JSON.parse(JSON.stringify(asyncApi())) as {
		readonly channels: Readonly<Record<string, { readonly address: string; readonly messages: Json }>>
		readonly components: { readonly messages: Readonly<Record<string, { readonly payload: { readonly schema: Json } }>> }
	}

	test("has an inbox and a place for the refused for each family that departments send, the log and the derived stream", () => {
		expect(Object.keys(api.channels).sort()).toEqual(
			[...INBOX_FAMILIES.map((each) => `yima.inbox.${each}`), "yima.events", "yima.derived", ...INBOX_FAMILIES.map((each) => `yima.refused.${each}`)].sort(),
		)
	})

	test("each type stands in the log, and comes by one inbox, its family's, if a department sends it", () => {
		for (const name of TYPE_NAMES) {
			const holding = Object.values(api.channels).filter(({ messages }) => name in messages)
			expect(holding.map(({ address }) => address).sort(), name).toEqual([
				"yima.events",
				...(INBOX_FAMILIES.includes(familyOf(name)) ? [`yima.inbox.${familyOf(name)}`] : []),
			])
		}
	})

	test("every reference leads somewhere", () => {
		for (const { $ref } of everyShape(api) as readonly { readonly $ref?: string }[]) {
			if ($ref === undefined) continue
			if ($ref.startsWith("./")) expect(existsSync(new URL($ref, root)), $ref).toBe(true)
			else
				expect(
					$ref
						.slice(2)
						.split("/")
						.reduce<unknown>((at, step) => (at as Json)[step], api),
					$ref,
				).toBeDefined()
		}
	})
})
