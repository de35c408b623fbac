/**
 * Tries the casebook on a tree with a mistake in its rules: `node hunt-rules.ts <tree>` prints the first story that does not come out as it is
 * written, and exits with 1; with 0 where all do. By the specification's run alone: in what order events come is tried elsewhere.
 */
import { join } from "node:path"
import { pathToFileURL } from "node:url"

const [, , tree = ""] = process.argv
const { readStories, failuresAsSpecified } = (await import(
	pathToFileURL(join(tree, "test/casebook/src/index.ts")).href
)) as typeof import("@yima/test-casebook")

const isOfRules = (file: string): boolean => /^(?:conditions|findings|deadlines)/.test(file)

for (const story of readStories().filter((each) => isOfRules(each.file))) {
	const [failure] = failuresAsSpecified(story)
	if (failure === undefined) continue
	console.log(`caught by 「${story.title}」: ${failure.what}`)
	process.exit(1)
}
console.log("not caught")
