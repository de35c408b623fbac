import { execFile } from "node:child_process"
import { promisify } from "node:util"
import { serves } from "./answers.ts"
import { freePort } from "./free-port.ts"
import { kafkaVersion } from "./jars.ts"

const run = promisify(execFile)
const docker = async (...args: readonly string[]): Promise<string> => (await run("docker", args, { timeout: 300_000 })).stdout.trim()

export const dockerAnswers = (): Promise<boolean> =>
	docker("version", "--format", "{{.Server.Version}}").then(
		(version) => version !== "",
		() => false,
	)

/** One broker in a container, by Docker's own command: no library, one image. */
export const startInDocker = async (): Promise<{ readonly brokers: string; readonly stop: () => Promise<void> }> => {
	const port = await freePort()
	const settings = {
		KAFKA_NODE_ID: "1",
		KAFKA_PROCESS_ROLES: "broker,controller",
		KAFKA_LISTENERS: `PLAINTEXT://0.0.0.0:${port},CONTROLLER://localhost:29093`,
		KAFKA_ADVERTISED_LISTENERS: `PLAINTEXT://127.0.0.1:${port}`,
		KAFKA_CONTROLLER_LISTENER_NAMES: "CONTROLLER",
		KAFKA_LISTENER_SECURITY_PROTOCOL_MAP: "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT",
		KAFKA_CONTROLLER_QUORUM_VOTERS: "1@localhost:29093",
		KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR: "1",
		KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS: "0",
		KAFKA_AUTO_CREATE_TOPICS_ENABLE: "false",
	}
	const environment = Object.entries(settings).flatMap(([name, value]) => ["-e", `${name}=${value}`])
	const container = await docker("run", "-d", "--rm", "-p", `127.0.0.1:${port}:${port}`, ...environment, `apache/kafka:${kafkaVersion()}`)
	const stop = async () => void (await docker("rm", "-f", container))
	try {
		await serves(port, () => undefined)
	} catch (error) {
		await stop()
		throw error
	}
	return { brokers: `127.0.0.1:${port}`, stop }
}
