import { parseArgs } from "node:util"

/** Exit codes of every command: done; the answer is no; the question was wrong. */
export const YES = 0
export const NO = 1
export const USAGE = 2

export interface Command {
	readonly help: string
	/** Gets what stands behind the command's name; answers the exit code. */
	readonly run: (args: readonly string[]) => number | Promise<number>
}

/** The one file that a command without options is given; null: it is not given exactly one. */
export const onlyFile = (args: readonly string[]): string | null => {
	const { positionals } = parseArgs({ args: [...args], options: {}, allowPositionals: true })
	const [file, ...more] = positionals
	return file === undefined || more.length > 0 ? null : file
}
