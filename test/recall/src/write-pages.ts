import { writeFileSync } from "node:fs"
import { pages } from "./pages.ts"

/** `npm run docs`: writes the generated pages of `docs/` anew. */
for (const [name, text] of pages()) writeFileSync(new URL(`../../../docs/${name}`, import.meta.url), text)
