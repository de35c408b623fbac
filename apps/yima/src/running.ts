import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"

/** Where a process that runs on this data folder is to be found: by its other commands. */
export interface Running {
	readonly url: string
	readonly connectionString: string
	readonly pid: number
}

const fileIn = (home: string) => join(home, "running.json")

const isAlive = (pid: number): boolean => {
	try {
		process.kill(pid, 0)
		return true
	} catch {
		return false
	}
}

export const announce = (home: string, running: Running): (() => void) => {
	mkdirSync(home, { recursive: true })
	writeFileSync(fileIn(home), JSON.stringify(running), { mode: 0o600 })
	return () => rmSync(fileIn(home), { force: true })
}

/** The process that runs on a data folder; null: none does. */
export const findRunning = (home: string): Running | null => {
	if (!existsSync(fileIn(home))) return null
	const found = JSON.parse(readFileSync(fileIn(home), "utf8")) as Running
	return isAlive(found.pid) ? found : null
}
