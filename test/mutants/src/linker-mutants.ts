import type { Mutant } from "./mutants.ts"

/** Mistakes in how linkers work beside each other. Each must be caught by the simulation alone. `sets`: how many seeds it may take. */
export const linkerMutants: readonly (Mutant & { readonly sets?: number })[] = [
	{
		name: "the work's cause is known-from",
		file: "apps/linker/src/turn.ts",
		from: "places: storePlaces(places),",
		to: "places: storePlaces(places.map(({ value }) => ({ from: this.#known, value }))),",
	},
	{
		name: "knownAt = watermark is answered while a letter's from is that moment",
		file: "libs/registry/src/watermark.ts",
		from: "(from === null ? [] : [from - 1])",
		to: "(from === null ? [] : [from])",
	},
	{
		name: "a passed-on letter is marked with the time of the work, not of the change",
		file: "apps/linker/src/turn.ts",
		from: "if (isUsed) this.#add(this.#changes, id, { by: why.by, from, causes: why.causes })",
		to: "if (isUsed) this.#add(this.#changes, id, { by: why.by, from: this.#known, causes: why.causes })",
		sets: 10_000,
	},
	{
		name: "letters are merged with those that wait",
		file: "libs/registry/src/memory.ts",
		from: "...writes.mail.map((each) => {",
		to: '...writes.mail.filter((each) => !(JSON.parse(each.task).look ?? [""]).every((key) => this.mail.some((old) => old.partition === each.partition && old.task.includes(key)))).map((each) => {',
		sets: 10_000,
	},
	{
		name: "users get no second look",
		file: "apps/linker/src/turn.ts",
		from: "if (isUsed) this.#add(this.#changes,",
		to: 'if (isUsed && id === "") this.#add(this.#changes,',
	},
	{
		name: "rows and watermark are read in two snapshots",
		file: "test/simulation/src/verdict.ts",
		from: "answers.push(answerOf(await contents(), partitions))",
		to: "{ const store = await contents(); store.past ??= []; store.past.push({ concerns: new Map(store.concerns), links: new Map(store.links) }); answers.push(answerOf(store, partitions, store.past.at(-5) ?? store)) }",
		sets: 3000,
	},
	{
		name: "what crossed unseen is not looked for",
		file: "apps/linker/src/owner.ts",
		from: "return crossing === null || isUndisturbed",
		to: "return crossing === null || crossing.seen.length > 0 || isUndisturbed",
	},
	{
		name: "an unchecked turn does not hold the watermark",
		file: "libs/registry/src/watermark.ts",
		from: "held ?? known",
		to: "known",
		sets: 10_000,
	},
	{
		name: "a link is replaced whatever was seen",
		file: "libs/registry/src/memory.ts",
		from: '?? 0) !== version)) return "stale"',
		to: '?? 0) < version)) return "stale"',
		sets: 10_000,
	},
	{
		name: "a turn that is not the next is taken",
		file: "libs/registry/src/memory.ts",
		from: 'if ((before?.turn ?? 0) !== turn) return "fenced"',
		to: 'if ((before?.turn ?? 0) < turn) return "fenced"',
		sets: 10_000,
	},
]
