import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs"
import { dirname } from "node:path"
import { generated } from "./generate.ts"

/** `npm run generate`: writes `schemas/generated` anew. */
const root = new URL("../generated/", import.meta.url)
// The gateway prints its own schema beside ours.
for (const name of readdirSync(root)) if (name !== "gateway.graphql") rmSync(new URL(name, root), { recursive: true, force: true })
for (const [path, text] of generated()) {
	const file = new URL(path, root)
	mkdirSync(dirname(file.pathname), { recursive: true })
	writeFileSync(file, text)
}
