import { casebookPage } from "./casebook-page.ts"
import { contradictionsPage } from "./contradictions-page.ts"
import { type Judged, judgedDemo } from "./judged.ts"
import { rulesPage } from "./rules-page.ts"

/** The generated pages of `docs/`, by name. */
export const pages = (judged: Judged = judgedDemo()): ReadonlyMap<string, string> =>
	new Map([
		["rules.md", rulesPage()],
		["casebook.md", casebookPage()],
		["contradictions.md", contradictionsPage(judged)],
	])
