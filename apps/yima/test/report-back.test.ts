import type { DerivedRow } from "@yima/registry"
import type { Scope, SubmitResult } from "@yima/schemas"
import { expect, test } from "vitest"
import { reportBack } from "../src/subscribing.ts"

const request = {
	type: "utility.account-requested",
	subject: "410811001002GB00018F00010001" as Scope,
	data: JSON.stringify({ requestId: "r-1", revision: 2, unit: "410811001002GB00018F00010001", service: "water", company: "某某水务" }),
} as DerivedRow
const ACCEPTED = `{"status":"accepted","orderNo":"GD-1"}`

const told = async (service: string | null, row: DerivedRow, body: string, result: Partial<SubmitResult> = { status: "accepted" }) => {
	const submitted: unknown[] = []
	const submit = async (events: readonly unknown[]) => {
		submitted.push(...events)
		return [{ source: "", id: "", position: null, problems: [], status: "accepted", ...result } as SubmitResult]
	}
	const refused = await reportBack({ service }, row, body, { submit }, { reportedAt: async (_, at) => at })
	return { submitted, refused }
}

test("what the endpoint of the service answers is reported for its company", async () => {
	const { submitted, refused } = await told("water", request, ACCEPTED)
	expect(refused).toBeNull()
	expect(submitted).toMatchObject([
		{ type: "yima.utility.account-accepted.v1", subject: request.subject, data: { requestId: "r-1", revision: 2, company: "某某水务", orderNo: "GD-1" } },
	])
})

test.each([
	["an endpoint that hears of all", null, request, ACCEPTED],
	["an answer about something else", "water", { ...request, type: "finding.raised" }, ACCEPTED],
	["an answer that says nothing of it", "water", request, "ok"],
] as const)("%s reports nothing", async (_, service, row, body) => {
	expect(await told(service, row, body)).toEqual({ submitted: [], refused: null })
})

test("what the door refuses is told, and a double is none", async () => {
	const problems = [{ code: "conflict", pointer: "", message: "同一编号已另有内容" }]
	expect((await told("water", request, ACCEPTED, { status: "conflict", problems })).refused).toBe("同一编号已另有内容")
	expect((await told("water", request, ACCEPTED, { status: "duplicate" })).refused).toBeNull()
})
