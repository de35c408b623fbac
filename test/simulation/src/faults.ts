import type { Registry, Wanted } from "@yima/registry"
import type { dice } from "@yima/test-convergence"

/** How often each fault comes, in percent of the calls of the registry. */
export interface Faults {
	/** The call fails and has done nothing. */
	readonly failed: number
	/** The call has done its work, and the answer is lost. */
	readonly lost: number
	/** The owner dies between two turns and another begins with what the log gives again. */
	readonly crash: number
	/** A second owner of the same partition works beside the first. */
	readonly zombie: number
}

export const NO_FAULTS: Faults = { failed: 0, lost: 0, crash: 0, zombie: 0 }

/** A registry whose every call waits for the scheduler, and fails as the dice say. */
export const disturbed = (registry: Registry, gate: () => Promise<void>, { chance }: ReturnType<typeof dice>, faults: Faults): Registry => {
	const call = async <A>(work: () => Promise<A>): Promise<A> => {
		await gate()
		if (chance(faults.failed)) throw new Error("the registry cannot be reached")
		const answer = await work()
		await gate()
		if (chance(faults.lost)) throw new Error("the registry's answer is lost")
		return answer
	}
	return {
		partitions: registry.partitions,
		open: (...args) => call(() => registry.open(...args)),
		// As from a database: each kind of rows is of a moment of its own, links first.
		load: async (wanted) => {
			const part = (some: Wanted) => call(() => registry.load(some))
			const { links } = await part({ links: wanted.links ?? [] })
			const { concerns, states, requests } = wanted
			if (concerns !== undefined || states !== undefined || requests !== undefined)
				return part({ concerns: concerns ?? [], states: states ?? [], requests: requests ?? [] })
			const [entries, acts, definitions, users] = await Promise.all([
				part({ entries: wanted.entries ?? [] }),
				part({ acts: wanted.acts ?? [] }),
				part({ definitions: wanted.definitions ?? [] }),
				part({ users: wanted.users ?? [] }),
			])
			return {
				links,
				entries: entries.entries,
				acts: acts.acts,
				definitions: definitions.definitions,
				users: users.users,
				concerns: [],
				states: [],
				findings: [],
				deadlines: [],
				requests: [],
			}
		},
		unseen: (...args) => call(() => registry.unseen(...args)),
		waiting: (...args) => call(() => registry.waiting(...args)),
		below: (...args) => call(() => registry.below(...args)),
		members: (...args) => call(() => registry.members(...args)),
		countUnits: (...args) => call(() => registry.countUnits(...args)),
		reached: (...args) => call(() => registry.reached(...args)),
		watermark: () => call(() => registry.watermark()),
		distrust: (...args) => call(() => registry.distrust(...args)),
		commit: (...args) => call(() => registry.commit(...args)),
	}
}
