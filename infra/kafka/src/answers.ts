import { connect } from "node:net"

/** ApiVersions, version 0, no client id: the one request that every broker answers, and only once it serves. */
const QUESTION = Buffer.from([0, 0, 0, 10, 0, 18, 0, 0, 0, 0, 0, 1, 255, 255])

/** Whether a broker serves at this port within a second. */
export const answers = (port: number): Promise<boolean> =>
	new Promise((resolve) => {
		const socket = connect({ host: "127.0.0.1", port })
		const end = (answered: boolean) => {
			socket.destroy()
			resolve(answered)
		}
		socket.setTimeout(1000, () => end(false))
		socket.once("connect", () => socket.write(QUESTION))
		socket.once("data", () => end(true))
		socket.once("error", () => end(false))
		socket.once("close", () => end(false))
	})

/** Waits until a broker serves at this port; `given up` says why there is no point in waiting. */
export const serves = async (port: number, givenUp: () => string | undefined, withinMs = 60_000): Promise<void> => {
	const end = performance.now() + withinMs
	while (!(await answers(port))) {
		const reason = givenUp() ?? (performance.now() > end ? `no broker at port ${port} within ${withinMs} ms` : undefined)
		if (reason !== undefined) throw new Error(reason)
		await new Promise((resolve) => setTimeout(resolve, 50))
	}
}
