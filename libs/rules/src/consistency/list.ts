import type { FindingRule } from "../finding.ts"

/** Every rule of consistency that events decide, in order. */
export const FINDING_RULES: readonly FindingRule[] = []
