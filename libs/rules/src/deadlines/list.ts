import type { DeadlineRule } from "../deadline.ts"

/** Every time limit, in order. */
export const DEADLINE_RULES: readonly DeadlineRule[] = []
