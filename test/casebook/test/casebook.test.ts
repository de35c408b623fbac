import { describe, expect, it } from "vitest"
import { type Failure, failuresOf, readStories } from "../src/index.ts"

const message = ({ what, wanted, got, runs }: Failure): string =>
	`${what}\n  应为 ${JSON.stringify(wanted)}\n  实为 ${JSON.stringify(got)}\n  运行 ${runs.join("、")}`

const stories = readStories()

for (const file of new Set(stories.map((each) => each.file)))
	describe(file, () => {
		for (const story of stories.filter((each) => each.file === file))
			it(story.title, () => {
				expect(failuresOf(story).map(message).join("\n\n"), story.why).toBe("")
			})
	})

describe("casebook", () => {
	it("every expectation quotes the sentence that it follows from", () => {
		const silent = stories.flatMap((story) =>
			story.then.filter((each) => each.cites.length === 0 || each.cites.some((cite) => cite.text.length < 8)).map((each) => each.where),
		)
		expect(silent).toEqual([])
	})

	it("titles are unique", () => {
		const titles = stories.map((each) => each.title)
		expect(titles.filter((each, at) => titles.indexOf(each) !== at)).toEqual([])
	})
})
