import { type Decimal, hundredths } from "@yima/schemas"

export const magnitude = (value: bigint): bigint => (value < 0n ? -value : value)

/** Whether a difference is more than so many percent of what it is measured by; exactly that is within (`semantics.md` §8). */
export const isBeyond = (difference: bigint, of: bigint, percent: Decimal): boolean => magnitude(difference) * 10_000n > of * hundredths(percent)
