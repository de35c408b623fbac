/** Something went wrong and will be tried again: for logs and metrics, never for decisions. */
export interface Trouble {
	/** What was being done: "assigned", "records", "revoked", "read", "membership", "listen", "watch" … */
	readonly doing: string
	readonly partition?: number
	readonly error: unknown
}

export type Notice = (trouble: Trouble) => void

/** Nobody listens. */
export const unheard: Notice = () => {}
