/** A record's place in the log. */
export interface LogPlace {
	readonly partition: number
	readonly offset: bigint
}

/** The place as answers show it and questions name it: `<partition>-<offset>`. */
export const formatPosition = ({ partition, offset }: LogPlace): string => `${partition}-${offset}`

/** The place that a text names; null: none. */
export const parsePosition = (text: string): LogPlace | null => {
	const [, partition, offset] = /^(\d{1,4})-(\d{1,18})$/.exec(text) ?? []
	return partition === undefined || offset === undefined ? null : { partition: Number(partition), offset: BigInt(offset) }
}
