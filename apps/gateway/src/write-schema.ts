import { writeFileSync } from "node:fs"
import { schemaText } from "./schema.ts"

/** `npm run build`: writes the schema's text anew. */
writeFileSync(new URL("../../../schemas/generated/gateway.graphql", import.meta.url), schemaText)
