import { type Door, type Input, submit } from "@yima/intake"
import type { AnyEvent, SubmitResult } from "@yima/schemas"
import { toCloudEvent } from "@yima/schemas"
import type { dice } from "@yima/test-convergence"

/** What a department sent, and what it was answered in the end. */
export interface Sent {
	readonly input: unknown
	readonly result: SubmitResult
}

/** The same event as a department writes it: a value stands for each that is sealed, the same for the same. */
export const asSent = (event: AnyEvent): unknown =>
	JSON.parse(JSON.stringify(toCloudEvent(event)), (key, value: unknown) => {
		if (typeof value !== "object" || value === null || !("blind" in value)) return value
		const digits = BigInt(`0x${String(value.blind)}`)
		return key === "idNumber" ? `4108111990${String(digits % 10n ** 8n).padStart(8, "0")}` : `甲${digits % 10n ** 8n}`
	})

/**
 * A department at the door: its events in batches, each sent again until it is answered. What is lost on the way, there or back, it does
 * not know.
 */
export const send = async (door: Door, inputs: readonly unknown[], { int }: ReturnType<typeof dice>): Promise<readonly Sent[]> => {
	const sent: Sent[] = []
	for (let from = 0; from < inputs.length; ) {
		const batch = inputs.slice(from, from + 1 + int(5))
		const results = await submit(
			door,
			batch.map((value): Input => ({ value })),
			{},
		).catch(() => null)
		if (results === null) continue
		sent.push(...batch.flatMap((input, at) => (results[at] === undefined ? [] : [{ input, result: results[at] }])))
		from += batch.length
	}
	return sent
}
