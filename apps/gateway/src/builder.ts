import SchemaBuilder from "@pothos/core"
import type { Decimal, Known, LocalDate, Moment } from "@yima/schemas"
import type { Desk } from "./desk.ts"
import type { Reading } from "./reading.ts"

/** What resolvers get: the request's one reading, and the desk behind the mutations. */
export interface Context {
	readonly request: Request
	readonly desk: Desk
	/** A query's reading; absent for mutations and subscriptions, which read for themselves. */
	readonly reading: Reading | null
}

export const builder = new SchemaBuilder<{
	Context: Context
	DefaultFieldNullability: false
	Scalars: {
		ID: { Input: string; Output: string | number }
		UnitCode: { Input: string; Output: string }
		ParcelCode: { Input: string; Output: string }
		DateTime: { Input: Moment; Output: Moment | Known }
		Date: { Input: LocalDate; Output: LocalDate }
		Decimal: { Input: Decimal; Output: Decimal }
		JSON: { Input: unknown; Output: unknown }
	}
}>({ defaultFieldNullability: false })
