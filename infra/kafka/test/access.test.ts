import { INBOX_FAMILIES } from "@yima/schemas"
import { expect, test } from "vitest"
import { entriesOf, GRANTS, systemEntriesOf } from "../src/access.ts"

const [GROUP, TOPIC, READ, WRITE, ALLOW, LITERAL, PREFIXED] = [3, 2, 3, 4, 3, 3, 4]

test("a department of two families may write and read what concerns these, and nothing else", () => {
	const entries = entriesOf("jz", { principal: "housing", families: ["sales", "construction"] })
	expect(entries.every(({ principal, permissionType, host }) => principal === "User:housing" && permissionType === ALLOW && host === "*")).toBe(true)
	expect(entries.map((each) => [each.resourceType, each.resourceName, each.resourcePatternType, each.operation])).toEqual([
		[TOPIC, "jz.inbox.sales", LITERAL, WRITE],
		[TOPIC, "jz.refused.sales", LITERAL, READ],
		[GROUP, "jz.refused.sales", PREFIXED, READ],
		[TOPIC, "jz.inbox.construction", LITERAL, WRITE],
		[TOPIC, "jz.refused.construction", LITERAL, READ],
		[GROUP, "jz.refused.construction", PREFIXED, READ],
	])
})

test("every family that departments send has its user, and the registrar's has none", () => {
	expect(GRANTS.map(({ principal }) => principal)).toEqual(INBOX_FAMILIES)
	expect(INBOX_FAMILIES).not.toContain("registrar")
})

test("yima itself may use its own topics and groups, and change no rights", () => {
	const [ALL, DESCRIBE, CLUSTER] = [2, 8, 4]
	expect(systemEntriesOf("jz", "yima").map((each) => [each.resourceType, each.resourceName, each.resourcePatternType, each.operation])).toEqual([
		[TOPIC, "jz.", PREFIXED, ALL],
		[CLUSTER, "kafka-cluster", LITERAL, DESCRIBE],
		[GROUP, "linker", LITERAL, READ],
		[GROUP, "jz.inbox", LITERAL, READ],
	])
})
