import { parseArgs } from "node:util"
import { wholeDay } from "./local-time.ts"

/** What a command is asked that shows something: of which code, as of when, by what was known when. */
export interface ShownArgs {
	readonly positionals: readonly string[]
	readonly json: boolean
	/** Null: now; all that is known. */
	readonly moments: { readonly asOf: string | null; readonly knownAt: string | null }
}

/** Throws what `parseArgs` throws of a flag that there is not. */
export const shownArgs = (args: readonly string[]): ShownArgs => {
	const { values, positionals } = parseArgs({
		args: [...args],
		options: { json: { type: "boolean", default: false }, "as-of": { type: "string" }, "known-at": { type: "string" } },
		allowPositionals: true,
	})
	return { positionals, json: values.json, moments: { asOf: wholeDay(values["as-of"]), knownAt: values["known-at"] ?? null } }
}
