/** One line of a terminal that is written over. */
export interface Line {
	readonly say: (text: string) => void
	/** Takes the line away. */
	readonly end: () => void
}

/** On a terminal; elsewhere it says nothing, for a log is no place for progress. */
export const lineOn = (stream: NodeJS.WriteStream): Line => ({
	say: (text) => {
		if (stream.isTTY) stream.write(`\r\x1b[K${text}`)
	},
	end: () => {
		if (stream.isTTY) stream.write("\r\x1b[K")
	},
})
