/**
 * A test runner for Stryker that keeps the core in its process: the casebook and the answers that were agreed on, as functions.
 * A mutant is switched on, not loaded, so that one costs milliseconds where a test framework costs seconds.
 */

import { existsSync, readdirSync, readFileSync } from "node:fs"
import { registerHooks } from "node:module"
import { join } from "node:path"
import { pathToFileURL } from "node:url"
import type { InstrumenterContext } from "@stryker-mutator/api/core"
import { declareFactoryPlugin, PluginKind } from "@stryker-mutator/api/plugin"
import {
	type DryRunResult,
	DryRunStatus,
	type MutantRunOptions,
	type MutantRunResult,
	MutantRunStatus,
	type TestResult,
	type TestRunner,
	TestStatus,
} from "@stryker-mutator/api/test-runner"

/** Answers what is wrong; an empty text: nothing. */
type Check = () => string

/** The package's door in this copy of the tree, not the one that node_modules links to. */
const doorOf = (name: string): string | undefined =>
	["schemas", `libs/${name}`, `test/${name.replace(/^test-/, "")}`]
		.filter((folder) => folder.endsWith(name.replace(/^test-/, "")))
		.map((folder) => join(process.cwd(), folder, "src/index.ts"))
		.find((file) => existsSync(file))

/** The tests of the rules are written for a test framework, which only these stand in for. */
const TABLES = new URL("./tables.ts", import.meta.url).href

registerHooks({
	resolve: (specifier, context, next) => {
		if (specifier === "vitest" && context.parentURL !== TABLES) return next(TABLES, context)
		const door = specifier.startsWith("@yima/") ? doorOf(specifier.slice("@yima/".length)) : undefined
		return door === undefined ? next(specifier, context) : next(pathToFileURL(door).href, context)
	},
})

const load = (path: string) => import(pathToFileURL(join(process.cwd(), path)).href)

interface Casebook {
	readonly readStories: () => readonly { readonly title: string }[]
	readonly failuresOf: (story: unknown) => readonly unknown[]
	readonly retried: (story: unknown) => () => readonly string[]
	readonly saying: (story: unknown) => () => readonly string[]
	readonly counting: (story: unknown) => () => readonly string[]
	readonly report: (start: { readonly given: readonly unknown[]; readonly late: readonly unknown[] }) => string
	readonly LIFE: readonly { readonly id: string }[]
	readonly MISHAPS: readonly { readonly id: string }[]
}

/** Linking and the fold: the answers that were agreed on, and each story told in every way. */
const ofTheCore = async (): Promise<ReadonlyMap<string, Check>> => {
	const { answers } = (await load("test/convergence/src/answers.ts")) as { readonly answers: (seed: number) => string }
	const { readStories, failuresOf } = (await load("test/casebook/src/index.ts")) as Casebook
	const agreed = readFileSync(join(process.cwd(), "test/convergence/agreed.txt"), "utf8").trim().split("\n")
	return new Map<string, Check>([
		...agreed.map((answer, at): [string, Check] => [`agreed ${at + 1}`, () => (answers(at + 1) === answer ? "" : "another answer")]),
		...readStories().map((story): [string, Check] => [story.title, () => failuresOf(story).map(String).join("\n")]),
	])
}

/** Each throws what is wrong. */
const tablesIn = async (folder: string): Promise<readonly (readonly [string, Check])[]> => {
	const { default: fc } = await import("fast-check")
	fc.configureGlobal({ seed: 811 })
	for (const file of readdirSync(join(process.cwd(), folder)).filter((each) => each.endsWith(".test.ts"))) await load(`${folder}/${file}`)
	const { kept } = await import(TABLES)
	return [...(kept() as ReadonlyMap<string, () => void>)].map(([title, body]) => [
		title,
		() => {
			body()
			return ""
		},
	])
}

/** The rules read what the core has made of a story, which they cannot change: it is told once. What they say is something; what comes next makes a flat ready. */
const ofTheRules = async (): Promise<ReadonlyMap<string, Check>> => {
	const { readStories, retried, saying, counting, report, LIFE, MISHAPS } = (await load("test/casebook/src/index.ts")) as Casebook
	return new Map<string, Check>([
		...[retried, saying, counting].flatMap((trying) =>
			readStories().map((story): [string, Check] => {
				const again = trying(story)
				return [`${story.title} ${trying.name}`, () => again().join("\n")]
			}),
		),
		...(await tablesIn("libs/rules/test")),
		...LIFE.map((cut): [string, Check] => [`what comes next without ${cut.id}`, () => report({ given: LIFE.filter((each) => each !== cut), late: [] })]),
		...MISHAPS.map((mishap): [string, Check] => [`what comes next after ${mishap.id}`, () => report({ given: [...LIFE, mishap], late: [] })]),
	])
}

class InProcess implements TestRunner {
	#checks: ReadonlyMap<string, Check> = new Map()
	readonly #context: InstrumenterContext
	readonly #load: () => Promise<ReadonlyMap<string, Check>>

	constructor(load: () => Promise<ReadonlyMap<string, Check>>) {
		this.#load = load
		const holder = globalThis as unknown as { __stryker__?: InstrumenterContext }
		holder.__stryker__ ??= {}
		this.#context = holder.__stryker__
	}

	capabilities() {
		return { reloadEnvironment: false }
	}

	async init() {
		this.#checks = await this.#load()
	}

	async dryRun(): Promise<DryRunResult> {
		const tests = [...this.#checks].map(([id, check]): TestResult => {
			this.#context.currentTestId = id
			const start = performance.now()
			const failureMessage = attempt(check)
			const shared = { id, name: id, timeSpentMs: performance.now() - start }
			return failureMessage === "" ? { ...shared, status: TestStatus.Success } : { ...shared, status: TestStatus.Failed, failureMessage }
		})
		const { mutantCoverage } = this.#context
		return { status: DryRunStatus.Complete, tests, ...(mutantCoverage === undefined ? {} : { mutantCoverage }) }
	}

	async mutantRun({ activeMutant, testFilter, hitLimit }: MutantRunOptions): Promise<MutantRunResult> {
		this.#context.activeMutant = activeMutant.id
		this.#context.hitCount = 0
		if (hitLimit !== undefined) this.#context.hitLimit = hitLimit
		const ids = testFilter ?? [...this.#checks.keys()]
		for (const id of ids) {
			const failureMessage = attempt(this.#checks.get(id) as Check)
			if (hitLimit !== undefined && (this.#context.hitCount ?? 0) > hitLimit) return { status: MutantRunStatus.Timeout, reason: "hit limit" }
			if (failureMessage !== "") return { status: MutantRunStatus.Killed, killedBy: [id], failureMessage, nrOfTests: ids.indexOf(id) + 1 }
		}
		return { status: MutantRunStatus.Survived, nrOfTests: ids.length }
	}
}

const attempt = (check: Check): string => {
	try {
		return check()
	} catch (error) {
		return `threw ${String(error)}`
	}
}

const pluginOf = (name: string, load: () => Promise<ReadonlyMap<string, Check>>) =>
	declareFactoryPlugin(
		PluginKind.TestRunner,
		name,
		Object.assign(() => new InProcess(load), { inject: [] as const }),
	)

export const strykerPlugins = [pluginOf("in-process", ofTheCore), pluginOf("in-process-rules", ofTheRules)]
