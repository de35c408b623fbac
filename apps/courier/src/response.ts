import type { Answer } from "./verdict.ts"

/** As a database can keep it, whatever bytes somebody answered. */
export const keepable = (text: string): string => text.replaceAll("\0", "\ufffd").toWellFormed()

/** An answer as it is kept and shown: the status, the headers, then the body; or why there is none. */
export const responseOf = (answer: Answer): string => {
	if (answer.is === "failed") return keepable(`${answer.code} ${answer.message}`)
	const headers = Object.entries(answer.headers).map(([name, value]) => `${name}: ${value}`)
	return keepable(`${answer.status}\n${headers.join("\n")}\n\n${answer.body}`)
}
