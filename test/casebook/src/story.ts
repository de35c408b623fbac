import { readdirSync, readFileSync } from "node:fs"
import { basename, join } from "node:path"
import { fileURLToPath } from "node:url"
import type { Service } from "@yima/lifecycle"
import { type Moment, parseCode, type Scope } from "@yima/schemas"
import type { Json } from "@yima/test-kit"
import { parse } from "yaml"
import { type Names, spelledOut, withNames } from "./names.ts"
import { type Fields, list, record, text, wrong } from "./record.ts"
import { sending } from "./sending.ts"
import { momentOf } from "./when.ts"

/** A sentence of `semantics.md`, quoted exactly. */
export interface Cite {
	readonly name: string
	readonly section: number
	readonly text: string
}

/** What must hold, by which sentences; what it does not state is not compared. */
export interface Expectation {
	readonly where: string
	readonly cites: readonly Cite[]
	/** Null: places only, which know no `asOf`. */
	readonly asOf: Moment | null
	/** By what was known once this event was learned, or just before; null: by all. */
	readonly known: { readonly event: string; readonly side: "after" | "before" } | null
	/** What readiness says, for the stage READY; judged elsewhere. */
	readonly ready: boolean
	readonly services: readonly Service[]
	readonly place: Fields
	readonly see: ReadonlyMap<Scope, unknown>
}

/** One story (案例): what was learned, in this order, and what follows. */
export interface Story {
	readonly file: string
	/** What its file is about, in Chinese. */
	readonly topic: string
	readonly title: string
	readonly why: string
	readonly given: readonly Json[]
	readonly then: readonly Expectation[]
	/** What its file and the cast call things. */
	readonly names: Names
}

const FOLDER = fileURLToPath(new URL("..", import.meta.url))
const SERVICES = ["water", "power", "gas", "heat"] as const

const read = (path: string): unknown => parse(readFileSync(path, "utf8"), { merge: true, strict: true, uniqueKeys: true, maxAliasCount: -1 })

interface Cast {
	readonly names: Names
	readonly sources: Fields
}

const castOf = (path: string): Cast => {
	const cast = record(read(path), "cast.yaml", ["let", "sources"])
	return { names: withNames(record(cast["let"], "cast.yaml/let"), new Map()), sources: record(cast["sources"], "cast.yaml/sources") }
}

const citesOf = (value: unknown, where: string): ReadonlyMap<string, Cite> =>
	new Map(
		Object.entries(record(value, where)).map(([name, cite]) => {
			const [, section, quoted = ""] = /^§(\d+) (.*)$/s.exec(text(cite, `${where}/${name}`)) ?? []
			if (section === undefined) throw wrong(`${where}/${name}`, "应以节号起头: §2 …")
			return [name, { name, section: Number(section), text: quoted.trim() }]
		}),
	)

const knownOf = (value: unknown, ids: ReadonlySet<string>, where: string): Expectation["known"] => {
	if (value === undefined) return null
	const known = record(value, where, ["after", "before"])
	const [side, ...others] = (["after", "before"] as const).filter((each) => known[each] !== undefined)
	if (side === undefined || others.length > 0) throw wrong(where, "应恰有 after 或 before 之一")
	const event = text(known[side], where)
	if (!ids.has(event)) throw wrong(where, `没有事件 ${event}`)
	return { event, side }
}

const scopeOf = (code: string, where: string): Scope => {
	const scope = code === "registry" ? code : parseCode(code)
	if (scope === null) throw wrong(where, `${code} 不是代码`)
	return scope
}

const expectationOf = (
	value: unknown,
	cites: ReadonlyMap<string, Cite>,
	story: Fields,
	ids: ReadonlySet<string>,
	used: Set<string>,
	where: string,
): Expectation => {
	const then = record(value, where, ["cite", "asOf", "known", "ready", "services", "place", "see"])
	const { cite, ready = false, services = SERVICES } = then
	const asOf = then["asOf"] ?? story["asOf"]
	const moment = asOf === undefined ? null : momentOf(text(asOf, `${where}/asOf`))
	if (asOf !== undefined && moment === null) throw wrong(`${where}/asOf`, `不是时刻: ${String(asOf)}`)
	const cited = (Array.isArray(cite) ? cite : [cite]).map((name) => {
		const found = cites.get(String(name))
		if (found === undefined) throw wrong(`${where}/cite`, `cites 里没有 ${String(name)}`)
		used.add(found.name)
		return found
	})
	const place = record(then["place"] ?? {}, `${where}/place`)
	for (const id of Object.keys(place)) if (!ids.has(id)) throw wrong(`${where}/place`, `没有事件 ${id}`)
	const see = new Map(Object.entries(record(then["see"] ?? {}, `${where}/see`)).map(([code, each]) => [scopeOf(code, `${where}/see`), each] as const))
	if (see.size + Object.keys(place).length === 0) throw wrong(where, "没有说应当怎样: place 或 see")
	if (see.size > 0 && moment === null) throw wrong(where, "see 需要 asOf")
	const known = knownOf(then["known"], ids, `${where}/known`)
	return { where, cites: cited, asOf: moment, known, ready: ready === true, services: services as readonly Service[], place, see }
}

const storyOf = (value: unknown, { file, topic }: Pick<Story, "file" | "topic">, cast: Cast, cites: ReadonlyMap<string, Cite>, used: Set<string>): Story => {
	const title = text((value as Fields)["title"], `${file} title`)
	const where = `${file}「${title}」`
	const story = record(spelledOut(value, cast.names), where, ["title", "why", "asOf", "given", "then"])
	const given = list(story["given"], `${where}/given`).map((each) => sending(each, cast.sources, where))
	const ids = new Set(given.map((each) => String(each["id"])))
	if (ids.size !== given.length) throw wrong(where, "两个事件同名")
	const then = list(story["then"], `${where}/then`).map((each, at) => expectationOf(each, cites, story, ids, used, `${where} then[${at}]`))
	if (then.length === 0) throw wrong(where, "没有 then")
	return { file, topic, title, why: text(story["why"], `${where}/why`), given, then, names: cast.names }
}

/** The stories of one file's text. */
export const storiesOf = (content: unknown, file: string, cast: Cast): readonly Story[] => {
	const { topic, let: own = {}, cites, stories } = record(content, file, ["topic", "let", "cites", "stories"])
	const names = withNames(record(own, `${file}/let`), cast.names)
	const quoted = citesOf(cites, `${file}/cites`)
	const used = new Set<string>()
	const about = { file, topic: text(topic, `${file}/topic`) }
	const found = list(stories, file).map((each) => storyOf(each, about, { ...cast, names }, quoted, used))
	const idle = [...quoted.keys()].find((name) => !used.has(name))
	if (idle !== undefined) throw wrong(`${file}/cites`, `没有案例引用 ${idle}`)
	return found
}

export const cast = (): Cast => castOf(join(FOLDER, "cast.yaml"))

/** Every story of the casebook, file by file. */
export const readStories = (folder = join(FOLDER, "stories")): readonly Story[] =>
	readdirSync(folder)
		.filter((name) => name.endsWith(".yaml"))
		.sort()
		.flatMap((name) => storiesOf(read(join(folder, name)), basename(name), cast()))
