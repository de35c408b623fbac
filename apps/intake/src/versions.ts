import type { Keyring } from "@yima/access"
import type { Registry } from "@yima/registry"
import { type AnyEvent, decodeWire, type EventKey, eventKey, type Source, sameBody, sealEvent } from "@yima/schemas"
import { cloudEvent, type Draft, type Profile, type Reading, type SheetProblem } from "@yima/sheets"
import { Result } from "effect"
import { type Standing, standingUnder } from "./standing.ts"

/** What was sent of a row before, in order: `<row key>@1`, `@2`, …. */
export type Versions = readonly AnyEvent[]

const idOf = (key: string, n: number): string => `${key}@${n}`

/** The versions of these rows that the registry knows: one read for the first of all, one more for each further. Fails with `Unavailable`. */
export const versionsOf = async (registry: Pick<Registry, "load">, source: string, keys: readonly string[]): Promise<ReadonlyMap<string, Versions>> => {
	const found = new Map<string, AnyEvent[]>()
	const known = (key: string, n: number): EventKey => eventKey(source as Source, idOf(key, n))
	for (let [n, open] = [1, keys]; open.length > 0; n++) {
		const standing: ReadonlyMap<EventKey, Standing> = await standingUnder(
			registry,
			open.map((key) => known(key, n)),
		)
		open = open.filter((key) => {
			const version = standing.get(known(key, n))
			if (version === undefined) return false
			found.set(key, [...(found.get(key) ?? []), version.event])
			return true
		})
	}
	return found
}

/** What is to be sent of a row: nothing of what stands already. */
export interface Sending {
	readonly events: readonly { readonly draft: Draft; readonly event: Readonly<Record<string, unknown>> }[]
	readonly problems: readonly SheetProblem[]
}

const problem = (code: "withdrawn" | "conflict", message: string): SheetProblem => ({ code, column: "", value: "", message })

/**
 * Compares a row with what was sent of it before: an unchanged fact sends nothing, a changed one corrects its last version, a new one (a
 * status that changed) is a new event. What was said and is no longer in the row is told, never taken back.
 */
export const sendingOf = (profile: Profile, { key, drafts }: Reading, versions: Versions, keyring: Pick<Keyring, "draft">): Sending => {
	if (key === null) return { events: [], problems: [] }
	const strange = versions.find((each) => !profile.events.some((said) => said.type === each.type))
	if (strange !== undefined)
		return { events: [], problems: [problem("conflict", `编号 ${idOf(key, 1)} 已由「${strange.type}」使用,不是这种表报的;请在方案中换一个 source 或 key`)] }
	const events: Sending["events"][number][] = []
	for (const draft of drafts) {
		const before = versions.findLast((each) => each.type === draft.type)
		if (before !== undefined && isSame(profile, draft, before, keyring)) continue
		const id = idOf(key, versions.length + events.length + 1)
		events.push({ draft, event: cloudEvent(profile, draft, id, before?.id ?? null) })
	}
	const gone = [...new Set(versions.map((each) => each.type))].filter((type) => !drafts.some((draft) => draft.type === type))
	return {
		events,
		problems: gone.map((type) => problem("withdrawn", `以前报过「${type}」,现在的行里没有了;若是报错,请另发撤回(${type.split(".")[0]}.retracted)`)),
	}
}

/** Whether a draft says what its last version said, persons by their blind index. What cannot be read as an event is another. */
const isSame = (profile: Profile, draft: Draft, before: AnyEvent, keyring: Pick<Keyring, "draft">): boolean => {
	const corrects = before.corrects === null ? null : before.corrects.slice(before.source.length + 1)
	const again = decodeWire(cloudEvent(profile, draft, before.id, corrects))
	return Result.isSuccess(again) && sameBody(before, sealEvent(again.success, keyring.draft().sealer))
}
