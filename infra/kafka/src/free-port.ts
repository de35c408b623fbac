import { createServer } from "node:net"

/** A port of this machine that nothing listens on at this moment. */
export const freePort = (): Promise<number> =>
	new Promise((resolve, reject) => {
		const server = createServer()
		server.once("error", reject)
		server.listen(0, "127.0.0.1", () => {
			const address = server.address()
			server.close(() => (address !== null && typeof address === "object" ? resolve(address.port) : reject(new Error("no port was given"))))
		})
	})
