import type { Log } from "@yima/log"
import type pg from "pg"

/** How far a partition has got. */
export interface Reached {
	/** Everything before this offset is visible, with all that it caused. */
	readonly before: bigint
	/** Nobody is going to look at its last turn again. */
	readonly isChecked: boolean
}

/** What `Reader.hasReached` asks of one place, for all places by one small statement: watching costs the same however much is on its way. */
export const reached = async (pool: pg.Pool): Promise<ReadonlyMap<number, Reached>> => {
	const { rows } = await pool.query<{ readonly partition: number; readonly before: string; readonly checked: boolean }>(
		`select p.partition, p.unchecked is null as checked, least(p.next,
				(select min((c ->> 1)::bigint) from position q, json_array_elements(q.causes::json) c where (c ->> 0)::int = p.partition),
				(select min(cause_offset) from mailbox where cause_partition = p.partition and due <= $1 and "from" is not null)) as before from position p`,
		[Date.now() * 1000],
	)
	return new Map(rows.map(({ partition, before, checked }) => [partition, { before: BigInt(before), isChecked: checked }]))
}

/** Whether history and states hold all that the log holds, letters and checks too. */
export const isWorkedOff = async (pool: pg.Pool, log: Log): Promise<boolean> => {
	const [marks, all] = [await log.watermarks(), await reached(pool)]
	return marks.every(({ partition, high }) => (all.get(partition)?.before ?? 0n) >= high) && [...all.values()].every((each) => each.isChecked)
}
