/** Writes down what the core answers today, after a change of meaning that was meant: `npm run agree`. */
import { writeFileSync } from "node:fs"
import { join } from "node:path"
import { AGREED, answers } from "./answers.ts"

const lines = Array.from({ length: AGREED }, (_, at) => answers(at + 1))
writeFileSync(join(import.meta.dirname, "../agreed.txt"), `${lines.join("\n")}\n`)
