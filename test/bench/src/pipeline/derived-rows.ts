import { type Derived, PostgresRegistry } from "@yima/registry"
import type { EventKey, Known, Scope } from "@yima/schemas"
import { PARTITIONS } from "./linking.ts"
import type { Stand } from "./place.ts"

/** Says things as linkers do: rows of the derived stream, each with its number, in a turn of their partition. */
export class Sayer {
	readonly #registry: PostgresRegistry
	readonly #turns: number[] = []
	#said = 0

	private constructor(registry: PostgresRegistry) {
		this.#registry = registry
	}

	static async on({ pool }: Pick<Stand, "pool">): Promise<Sayer> {
		const registry = new PostgresRegistry(pool, PARTITIONS)
		await registry.prepare(
			"1",
			Array.from({ length: PARTITIONS }, (_, partition) => ({ partition, low: 0n })),
		)
		return new Sayer(registry)
	}

	/** So many findings of flats, in one turn. */
	async say(partition: number, count: number): Promise<void> {
		const turn = this.#turns[partition] ?? 0
		const derived = Array.from({ length: count }, (): Derived => {
			const n = this.#said++
			return {
				parcel: "410811001001GB00001",
				type: "finding.raised",
				subject: `410811001001GB00001F0001${String(n % 9000).padStart(4, "0")}` as Scope,
				causedBy: `urn:jz:housing#${n}` as EventKey,
				saidAt: (Date.now() * 1000) as Known,
				data: JSON.stringify({ code: "C05", severity: "BLOCK", responsible: "住房保障中心", on: "", since: 0, explanation: `同一户有两份有效合同,第 ${n} 件` }),
				projects: [],
				service: null,
			}
		})
		const none = { unchecked: null, events: [], mentions: [], links: [], concerns: [], states: [], rulings: [], mail: [], done: [], rejected: [], requests: [] }
		const answer = await this.#registry.commit(partition, turn, { next: 0n, known: (Date.now() * 1000) as Known, incarnation: "1", ...none, derived })
		if (answer !== "done") throw new Error(answer)
		this.#turns[partition] = turn + 1
	}
}
