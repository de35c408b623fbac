/** What may be said of an error where operators read it. */
export interface Failure {
	/** Tags or names, from what was reported to its last cause. */
	readonly error: string
	/** The code of the system or the database; null: there is none. */
	readonly code: string | null
	/** A message that cannot hold anything a sender wrote; null: it could. */
	readonly message: string | null
	/** Where in the program, without the message. */
	readonly at: readonly string[]
}

/** Causes of causes: no more than these. */
const DEEPEST = 5
const FRAMES = 6

/**
 * SQLSTATE classes whose messages speak of the server, the connection, a lock or our own statement, and never quote a value: connection,
 * authorisation, no such database, transaction, our SQL, resources, limits of the state, operator's doing, system.
 */
const SAFE_CLASSES = /^(?:08|28|3D|40|42|53|55|57|58)[0-9A-Z]{3}$/

/** Whole messages of the drivers that are written in their source. */
const FIXED: ReadonlySet<string> = new Set([
	"Connection terminated",
	"Connection terminated unexpectedly",
	"Connection terminated due to connection timeout",
	"timeout exceeded when trying to connect",
	"timeout expired",
	"Query read timeout",
	"Cannot use a pool after calling end on the pool",
])

const textIn = (error: object, name: string): string | null => {
	const value: unknown = Reflect.get(error, name)
	return typeof value === "string" || typeof value === "number" ? String(value) : null
}

const isName = (text: string | null): text is string => text !== null && /^[A-Za-z][\w.-]{0,60}$/.test(text)

const nameOf = (error: object): string => [textIn(error, "_tag"), textIn(error, "name"), error.constructor?.name ?? null].find(isName) ?? "Error"

const codeOf = (error: object): string | null => {
	const code = textIn(error, "code")
	return code !== null && /^[0-9A-Z_]{2,40}$/.test(code) ? code : null
}

/** Most messages can quote what was sent (a JSON error shows the text, a database the value), so only those pass that cannot. */
const messageOf = (error: object): string | null => {
	const code = codeOf(error)
	const syscall = textIn(error, "syscall")
	if (code !== null && isName(syscall)) return [syscall, code, textIn(error, "address"), textIn(error, "port")].filter((each) => each !== null).join(" ")
	const message = textIn(error, "message")
	if (message === null) return null
	return FIXED.has(message) || (code !== null && SAFE_CLASSES.test(code)) ? message : null
}

/** The stack begins with the message, which may have lines of its own: only what stands behind it is taken. */
const framesOf = (error: object): readonly string[] => {
	const [stack, message] = [textIn(error, "stack"), textIn(error, "message")]
	if (stack === null || message === null) return []
	const end = stack.indexOf(message)
	if (end < 0) return []
	return stack
		.slice(end + message.length)
		.split("\n")
		.map((line) => line.trim())
		.filter((line) => line.startsWith("at ") && !line.includes("node:internal"))
		.slice(0, FRAMES)
}

const chainOf = (error: unknown): readonly object[] => {
	const chain: object[] = []
	for (let each = error; typeof each === "object" && each !== null && chain.length < DEEPEST && !chain.includes(each); each = Reflect.get(each, "cause"))
		chain.push(each)
	return chain
}

/** An error without anything that a sender may have put into it. */
export const failureOf = (error: unknown): Failure => {
	const chain = chainOf(error)
	const [first] = chain
	if (first === undefined) return { error: typeof error, code: null, message: null, at: [] }
	const last = <A>(of: (each: object) => A | null): A | null => chain.map(of).findLast((each) => each !== null) ?? null
	return { error: chain.map(nameOf).join(" < "), code: last(codeOf), message: last(messageOf), at: framesOf(first) }
}
