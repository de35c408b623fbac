import { describe, expect, test } from "vitest"
import { files, importsOf, packages, read, tracked } from "../src/tree.ts"

/** What the pure packages may import beside themselves, each other as listed, and their own files. */
const PURE: Readonly<Record<string, readonly string[]>> = {
	"libs/unit-code": [],
	schemas: ["@yima/unit-code", "effect", "effect/schema/SchemaJITCompiler/enable"],
	"libs/linking": ["@yima/unit-code", "@yima/schemas"],
	"libs/lifecycle": ["@yima/unit-code", "@yima/schemas", "node:crypto"],
	"libs/rules": ["@yima/schemas", "@yima/lifecycle", "chinese-days/dist/chinese-days.json"],
}

/** Of `effect`, the data modules alone: no services, fibers, clocks. */
const EFFECT_DATA = new Set(["Result", "Schema", "SchemaAST", "SchemaIssue", "SchemaTransformation"])

/** The writer of `generated/` is a program of its own. */
const isSource = (path: string, folder: string) => path.startsWith(`${folder}/src/`) && path.endsWith(".ts") && !path.endsWith("/write-generated.ts")

describe.each(Object.keys(PURE))("%s is pure", (folder) => {
	const sources = files.filter((path) => isSource(path, folder))

	test("it has sources", () => {
		expect(sources.length).toBeGreaterThan(3)
	})

	test("it imports only what the arrows allow", () => {
		const allowed = new Set(PURE[folder])
		const wrong = sources.flatMap((path) =>
			importsOf(path).flatMap((name) => (name.startsWith("./") || name.startsWith("../") || allowed.has(name) ? [] : [`${path}: ${name}`])),
		)
		expect(wrong).toEqual([])
	})

	test("of effect it uses data modules only", () => {
		const names = sources.flatMap((path) =>
			[...read(path).matchAll(/^import (?:type )?\{([^}]*)\} from "effect"/gm)].flatMap((found) =>
				(found[1] ?? "").split(",").map((name) => ({ path, name: name.replace(/\btype\b/, "").trim() })),
			),
		)
		expect(names.filter(({ name }) => name !== "" && !EFFECT_DATA.has(name))).toEqual([])
	})

	test("it reads no clock, rolls no dice and touches nothing outside", () => {
		const forbidden = /\bDate\.now\b|\bnew Date\(\)|\bMath\.random\b|\bperformance\.|\bprocess\.|\bsetTimeout\b|\bfetch\(|\bconsole\./
		expect(sources.filter((path) => forbidden.test(read(path)))).toEqual([])
	})
})

test("nothing imports an app, seeds or tests, but tests themselves", () => {
	const inside = files.filter((path) => /^(?:libs|schemas|apps)\/.*\/src\/.*\.ts$/.test(path))
	expect(inside.filter((path) => importsOf(path).some((name) => /^@yima\/(?:test-|yima$|seeds)/.test(name)))).toEqual([])
})

test("packages are entered by their one door", () => {
	const deep = files
		.filter((path) => path.endsWith(".ts"))
		.flatMap((path) => importsOf(path).flatMap((name) => (/^@yima\/[^/]+\/./.test(name) ? [`${path}: ${name}`] : [])))
	expect(deep).toEqual([])
})

test("a file is named as its idea, in kebab-case", () => {
	const sources = files.filter((path) => /\.ts$/.test(path) && !path.includes("/test-fixtures/"))
	expect(
		sources.filter((path) => !/^[a-z0-9]+(?:-[a-z0-9]+)*(?:\.(?:test|int\.test|e2e\.test|config))?\.ts$/.test(path.slice(path.lastIndexOf("/") + 1))),
	).toEqual([])
	expect(files.filter((path) => /(?:^|\/)(?:types|utils|util|helpers|common|misc)(?:\.ts|\/)/.test(path))).toEqual([])
})

test("each package has a README of one screen, a boundary tag and its own name", () => {
	for (const folder of packages) {
		expect(files, folder).toContain(`${folder}/README.md`)
		expect(read(`${folder}/README.md`).split("\n").length, `${folder}/README.md`).toBeLessThanOrEqual(70)
		expect(JSON.parse(read(`${folder}/turbo.json`)), folder).toHaveProperty("tags")
		expect((JSON.parse(read(`${folder}/package.json`)) as { name: string }).name).toMatch(/^@yima\//)
	}
})

test("nothing is left for later, and the project speaks of itself alone", () => {
	const own = "test/architecture/test/tree.test.ts"
	const texts = tracked().filter((path) => path !== own && !/\.(?:png|ico|xlsx|lock)$|package-lock\.json$/.test(path))
	const unfinished = /\b(?:TODO|FIXME|HACK|XXX)\b/
	const outside = /\.\.\/shared\/|\/work\/|https?:\/\/[\w.-]*(?:registry|maven|mirror)/
	expect(texts.filter((path) => unfinished.test(read(path)))).toEqual([])
	expect(texts.filter((path) => outside.test(read(path)))).toEqual([])
})

test("the lockfile names no host that a mirror may stand for", () => {
	expect(read("package-lock.json")).not.toMatch(/"resolved": "https?:/)
})
