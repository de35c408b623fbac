/** Where persons' keys are kept, wrapped. By subject; null: erased, never to be read or replaced. */
export type WrappedKeys = ReadonlyMap<string, string | null>

/** The store of persons' keys. Fails with whatever its technology fails with; the same again later may succeed. */
export interface KeyStore {
	/**
	 * Keeps each offered key where its subject has none, and answers what stands for every subject offered: of two processes that offer
	 * for one subject at once both get the same key. One round trip for any number of subjects.
	 */
	readonly ensure: (offered: ReadonlyMap<string, string>) => Promise<WrappedKeys>
	/** What stands for those of the subjects that are known. */
	readonly find: (subjects: readonly string[]) => Promise<WrappedKeys>
	/** From now on what was sealed under this subject's key stays sealed. False: no such subject, or erased before. */
	readonly erase: (subject: string) => Promise<boolean>
}

/** Keys in memory, for tests. */
export class MemoryKeyStore implements KeyStore {
	readonly keys = new Map<string, string | null>()
	/** How often it was asked. */
	trips = 0

	ensure = async (offered: ReadonlyMap<string, string>): Promise<WrappedKeys> => {
		this.trips += 1
		for (const [subject, wrapped] of offered) if (!this.keys.has(subject)) this.keys.set(subject, wrapped)
		return new Map([...offered.keys()].map((subject) => [subject, this.keys.get(subject) ?? null]))
	}

	find = async (subjects: readonly string[]): Promise<WrappedKeys> => {
		this.trips += 1
		return new Map(subjects.flatMap((subject) => (this.keys.has(subject) ? [[subject, this.keys.get(subject) ?? null] as const] : [])))
	}

	erase = async (subject: string): Promise<boolean> => {
		const stood = this.keys.get(subject) ?? null
		if (stood !== null) this.keys.set(subject, null)
		return stood !== null
	}
}
