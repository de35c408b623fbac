/** One deliberate mistake in the core: in `file`, the text `from` (found once) becomes `to`. */
export interface Mutant {
	readonly name: string
	readonly file: string
	readonly from: string
	readonly to: string
}

/** Mistakes that such systems have really been built with. Each must be caught by the order-free or the known-times property alone. */
export const mutants: readonly Mutant[] = [
	{
		name: "a definition is not withdrawn when its event moves or dies",
		file: "libs/linking/src/memory.ts",
		from: "if (steps.length === 0) list?.delete(key)",
		to: "if (steps.length === 0) list?.has(key)",
	},
	{ name: "a tie is broken by arrival", file: "schemas/src/order.ts", from: "=> a.time - b.time || compare(a.key, b.key)", to: "=> a.time - b.time" },
	{ name: "users of a definition get no second look", file: "libs/linking/src/incremental.ts", from: "			again.add(user)\n", to: "" },
	{ name: "the acts on an event do not follow it", file: "libs/linking/src/incremental.ts", from: "			actsOn(user, index, again)\n", to: "" },
	{
		name: "a list does not narrow",
		file: "libs/linking/src/lists.ts",
		from: '"finance.mortgage-registered": narrow(units)',
		to: '"finance.mortgage-registered": reach(units)',
	},
	{
		name: "asOf is used where knownAt belongs",
		file: "libs/lifecycle/src/line.ts",
		from: "stepAt(steps, sight.knownAt)",
		to: "stepAt(steps, sight.asOf as never)",
	},
	{
		name: "a lift is paired by neighbourhood, not by number",
		file: "libs/lifecycle/src/seizure.ts",
		from: "all.filter((each) => normalForm(each.terms.seizureNo) === normalForm(no))",
		to: 'all.filter((each) => no !== "" && isOpen(each)).slice(-1)',
	},
	{
		name: "known-from is the time of the work, not that of the change",
		file: "libs/linking/src/incremental.ts",
		from: "return steps(when, (known) => done.get(known) ?? settleKnown(known), equal)",
		to: "return steps([Math.max(...when) as Known], (known) => done.get(known) ?? settleKnown(known), equal)",
	},
	{
		name: "only the event's own moment of knowledge counts",
		file: "libs/linking/src/incremental.ts",
		from: "		if (known > own.known) when.add(known)",
		to: "		if (known > own.known && when.size > 9) when.add(known)",
	},
	{
		name: "ranks are dropped: a number is placed by its equals",
		file: "libs/linking/src/place.ts",
		from: "mentions.filter((each) => authority[each.kind].rank < lowest)",
		to: "mentions.filter((each) => authority[each.kind].rank <= lowest)",
	},
	{
		name: "an event that could not be placed by lower ranks still defines",
		file: "libs/linking/src/place.ts",
		from: "return { place: byIdentifiers(event, mentions, resolve), defines: false }",
		to: "return { place: byIdentifiers(event, mentions, resolve), defines: true }",
	},
	{
		name: "a later fact changes which seizure was in effect in the past",
		file: "libs/lifecycle/src/line.ts",
		from: "fact.time <= sight.asOf)",
		to: '(fact.time <= sight.asOf || fact.type === "judicial.seized"))',
	},
	{
		name: "what a correction touches is not looked at again",
		file: "libs/linking/src/incremental.ts",
		from: "		if (event.corrects !== null) open.push(event.corrects)\n",
		to: "",
	},
	{
		name: "what a retraction or decision names is not looked at again",
		file: "libs/linking/src/incremental.ts",
		from: "		if (named !== null) open.push(named)\n",
		to: "",
	},
	{
		name: "of two bodies the one that arrives last stands",
		file: "libs/linking/src/memory.ts",
		from: "if (other !== undefined && !isEarlier(entry, other)) return",
		to: "if (other !== undefined && !isEarlier(entry, other) && entry.event === other.event) return",
	},
	{
		name: "of several decisions the one that arrived last holds",
		file: "libs/linking/src/force.ts",
		from: "forceOf(each, around).inForce && (found === null || inOrder(each, found) > 0)",
		to: "forceOf(each, around).inForce",
	},
	{
		name: "a retraction of a retraction changes nothing",
		file: "libs/linking/src/force.ts",
		from: "alive.set(key, !killers.some((each) => alive.get(each.key)))",
		to: "alive.set(key, killers.length === 0)",
	},
	{
		name: "the last correction by id stands, whenever it was stated",
		file: "libs/linking/src/force.ts",
		from: "each.statedAt - best.statedAt || compare(each.id, best.id)",
		to: "compare(each.id, best.id)",
	},
	{
		name: "disputed numbers lead to all rivals",
		file: "libs/linking/src/meaning.ts",
		from: "authority[id.kind].agree && valid.some",
		to: "authority[id.kind].lifted && valid.some",
	},
	{
		name: "a measured survey replaces the predicted one for earlier events too",
		file: "libs/linking/src/meaning.ts",
		from: "(each.time <= time ? each.insteadOf : [])",
		to: "each.insteadOf",
	},
	{
		name: "a successor forgets its predecessors' events",
		file: "libs/lifecycle/src/gather.ts",
		from: "edge.to === at && !found.has(edge.from) ? [edge.from] : []",
		to: "edge.to !== at && !found.has(edge.from) ? [edge.from] : []",
	},
	{
		name: "what is shown at a place only is inherited below it",
		file: "libs/lifecycle/src/gather.ts",
		from: '(fact.reach === "here" && !predecessors.has(from))',
		to: 'from === "registry"',
	},
	{
		name: "a defined label does not bring its building in",
		file: "libs/linking/src/lists.ts",
		from: "return other === undefined ? (code ?? null) : null",
		to: "return other === undefined ? null : (code ?? null)",
	},
	{
		name: "inside one day, midnight comes first",
		file: "schemas/src/order.ts",
		from: "a.byDay || b.byDay ? localDay(a.time) < localDay(b.time) : a.time < b.time",
		to: "a.time < b.time",
	},
]
