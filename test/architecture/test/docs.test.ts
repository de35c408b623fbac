import { existsSync } from "node:fs"
import { dirname, join } from "node:path"
import { exampleFailures, readProfile } from "@yima/sheets"
import { expect, test } from "vitest"
import { files, ROOT, read } from "../src/tree.ts"

const pages = files.filter((path) => /^(?:README(?:\.zh)?\.md|docs\/.*\.md|(?:apps|libs|infra|test|seeds|schemas).*\/README\.md)$/.test(path))

test("every link in the pages leads somewhere", () => {
	const broken = pages.flatMap((page) =>
		[...read(page).matchAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)/g)].flatMap(([, link = ""]) =>
			/^https?:/.test(link) || existsSync(join(ROOT, dirname(page), link)) ? [] : [`${page}: ${link}`],
		),
	)
	expect(broken).toEqual([])
})

test("every path of ours that the how-tos name is there", () => {
	const named = pages
		.filter((page) => page.startsWith("docs/"))
		.flatMap((page) => [...read(page).matchAll(/`((?:apps|libs|infra|schemas|seeds|test)\/[\w./-]+)`/g)].map(([, path = ""]) => `${page}: ${path}`))
	expect(named.length).toBeGreaterThan(10)
	expect(named.filter((each) => !existsSync(join(ROOT, each.split(": ")[1] ?? "")) && !/<|my-sheet/.test(each))).toEqual([])
})

test("the profile that the how-to shows does what it says", async () => {
	const [, yaml = ""] = /```yaml\n([\s\S]*?)```/.exec(read("docs/add-a-profile.md")) ?? []
	expect(await exampleFailures(readProfile("shown", yaml))).toEqual([])
})
