import { expect, it } from "vitest"
import { readStories, saying } from "../src/index.ts"

it("every reason says something by events that there are, and every act that is wanted has a name, in every story", { timeout: 60_000 }, () => {
	expect(readStories().flatMap((story) => saying(story)().map((each) => `${story.title} ${each}`))).toEqual([])
})
