/** A fenced part of a page: its language and its text. */
export interface Fence {
	readonly language: string
	readonly text: string
}

/** Every fenced part, in order. */
export const fencesIn = (page: string): readonly Fence[] =>
	[...page.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)].map(([, language = "", text = ""]) => ({ language, text }))

/** The anchors of a page's headings. */
export const anchorsIn = (page: string): ReadonlySet<string> =>
	new Set(
		[...page.matchAll(/^#+ (.+)$/gm)].map(([, heading = ""]) =>
			heading
				.toLowerCase()
				.replaceAll(/[^\w -]/g, "")
				.replaceAll(" ", "-"),
		),
	)
