import { randomBytes } from "node:crypto"
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { type MasterKey, masterKey } from "@yima/access"

/**
 * The master key: `YIMA_KEY`, else the one kept in the data folder. `isNew`: nothing has been sealed yet, so that one may be made there.
 * Null: there is none, and the data was sealed with one.
 */
export const findMasterKey = (given: string | null, home: string, isNew: boolean): MasterKey | null => {
	if (given !== null) return masterKey(given)
	const file = join(home, "key")
	if (existsSync(file)) return masterKey(readFileSync(file, "utf8"))
	if (!isNew) return null
	mkdirSync(home, { recursive: true })
	const made = randomBytes(32).toString("base64")
	writeFileSync(file, `${made}\n`, { mode: 0o600, flag: "wx" })
	return masterKey(made)
}
