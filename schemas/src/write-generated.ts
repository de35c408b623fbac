import { mkdirSync, rmSync, writeFileSync } from "node:fs"
import { dirname } from "node:path"
import { generated } from "./generate.ts"

/** `npm run generate`: writes `schemas/generated` anew. */
const root = new URL("../generated/", import.meta.url)
rmSync(root, { recursive: true, force: true })
for (const [path, text] of generated()) {
	const file = new URL(path, root)
	mkdirSync(dirname(file.pathname), { recursive: true })
	writeFileSync(file, text)
}
