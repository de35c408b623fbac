import type { Moment, Scope } from "@yima/schemas"

/** 电子台账: the acts that a project plans and reports. */
export const ACTS = ["COMPLETION", "ACCEPTANCE", "MEASURED_SURVEY", "FIRST_REGISTRATION", "HANDOVER"] as const
export type Act = (typeof ACTS)[number]

/** When a building or unit had each act first; absent: not yet. */
export type Acts = Readonly<Partial<Record<Act, Moment>>>

/** What a project's buildings and units have done, for what is decided of all of them together. */
export interface Members {
	readonly buildings: readonly { readonly code: Scope; readonly acts: Acts }[]
	readonly units: readonly { readonly code: Scope; readonly sold: boolean; readonly acts: Acts }[]
}
