import { readFileSync } from "node:fs"
import { Result } from "effect"
import { expect, test } from "vitest"
import { decodeText, familyOf, TYPE_NAMES } from "../src/index.ts"

test("the example in the README is true", () => {
	const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8")
	const [first = "", second = ""] = [...readme.matchAll(/decodeText\(`(.*?)`\)/gs)].map(([, text]) => text)
	const read = decodeText(first)
	if (Result.isFailure(read)) throw new Error(JSON.stringify(read.failure))
	const { subject, mentions, data } = read.success
	expect(readme).toContain(`read.success.subject // ${JSON.stringify(subject)}`)
	expect(readme).toContain(`read.success.mentions[0]?.value // ${JSON.stringify(mentions[0]?.value)}`)
	const shown = Object.entries(data).map(([name, value]) => `${name}: ${JSON.stringify(value)}`)
	expect(readme).toContain(`read.success.data // { ${shown.join(", ")} }`)

	const refused = decodeText(second)
	const said = Result.isFailure(refused) ? refused.failure.map(({ code, pointer, message }) => `// ${code} ${pointer} ${message}`) : []
	expect(readme).toContain(`\n${said.join("\n")}\n\`\`\``)
	expect(readme).toContain(`${TYPE_NAMES.length} event types in ${new Set(TYPE_NAMES.map(familyOf)).size} families`)
})
