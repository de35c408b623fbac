import { type ChildProcess, execFile, spawn } from "node:child_process"
import { randomBytes } from "node:crypto"
import { existsSync, mkdirSync, mkdtempSync, openSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { promisify } from "node:util"
import { serves } from "./answers.ts"
import { freePort } from "./free-port.ts"
import { jars } from "./jars.ts"
import { secured } from "./secured.ts"

const run = promisify(execFile)

export interface KafkaCluster {
	/** What `KAFKA_BROKERS` takes. */
	readonly brokers: string
	/** SIGKILL to the broker of this number, from 1; resolves when it is gone. */
	readonly kill: (node: number) => Promise<void>
	/** Stops the broker's process in its tracks (SIGSTOP); `thaw` lets it go on. */
	readonly freeze: (node: number) => void
	readonly thaw: (node: number) => void
	/** Starts it again on its data; resolves when it serves. */
	readonly restart: (node: number) => Promise<void>
	/** Ends all; data in a folder of our own is deleted. */
	readonly stop: () => Promise<void>
}

export interface KafkaClusterOptions {
	readonly brokers: 1 | 3
	/** Where data are kept; left out: in a folder that is deleted by `stop`. */
	readonly dataDir?: string
	/** Who may log in, with which password; left out: everyone may do everything. What each may do is said by ACLs, but of `superUser`. */
	readonly logins?: Logins
}

export interface Logins {
	/** May do everything, and gives the others their rights. */
	readonly superUser: string
	/** Password by user name, the super user's too; letters, digits, `-` and `_`. They stand in the brokers' files and arguments: for trials and tests. */
	readonly passwords: Readonly<Record<string, string>>
}

interface Node {
	readonly id: number
	readonly port: number
	readonly controllerPort: number
	readonly folder: string
	process: ChildProcess | undefined
}

/** Small machines, quick failovers; everything else as Kafka ships it. */
const properties = (node: Node, nodes: readonly Node[], security: Readonly<Record<string, string>>): string => {
	const replicas = Math.min(3, nodes.length)
	const inSync = replicas === 3 ? 2 : 1
	return Object.entries({
		"process.roles": "broker,controller",
		"node.id": node.id,
		"controller.quorum.voters": nodes.map(({ id, controllerPort }) => `${id}@127.0.0.1:${controllerPort}`).join(),
		"controller.listener.names": "CONTROLLER",
		listeners: `PLAINTEXT://127.0.0.1:${node.port},CONTROLLER://127.0.0.1:${node.controllerPort}`,
		"advertised.listeners": `PLAINTEXT://127.0.0.1:${node.port}`,
		"listener.security.protocol.map": "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT",
		"log.dirs": join(node.folder, "data"),
		"auto.create.topics.enable": false,
		"default.replication.factor": replicas,
		"min.insync.replicas": inSync,
		"offsets.topic.replication.factor": replicas,
		"offsets.topic.num.partitions": 3,
		"transaction.state.log.replication.factor": replicas,
		"transaction.state.log.min.isr": inSync,
		"share.coordinator.state.topic.replication.factor": replicas,
		"share.coordinator.state.topic.min.isr": inSync,
		"group.initial.rebalance.delay.ms": 0,
		"broker.session.timeout.ms": 3000,
		"broker.heartbeat.interval.ms": 500,
		"num.network.threads": 2,
		"num.io.threads": 4,
		"log.cleaner.enable": nodes.length === 1,
		...security,
	})
		.map(([name, value]) => `${name}=${value}\n`)
		.join("")
}

const alive = (process: ChildProcess | undefined): process is ChildProcess => process !== undefined && process.exitCode === null && process.signalCode === null

const ended = (process: ChildProcess | undefined): Promise<void> =>
	new Promise((resolve) => (alive(process) ? process.once("exit", () => resolve()) : resolve()))

/** One broker, or three that replicate; each is a controller too. */
export const startKafka = async (options: KafkaClusterOptions): Promise<KafkaCluster> => {
	const lib = await jars()
	const classpath = join(lib, "*")
	const home = options.dataDir ?? mkdtempSync(join(tmpdir(), "yima-kafka-"))
	const nodes: Node[] = []
	for (let id = 1; id <= options.brokers; id++)
		nodes.push({ id, port: await freePort(), controllerPort: await freePort(), folder: join(home, `broker-${id}`), process: undefined })
	const config = ({ folder }: Node) => join(folder, "server.properties")
	const clusterId = randomBytes(16).toString("base64url")
	const { settings, formatting } = secured(options.logins)

	const format = async (node: Node) => {
		const fresh = !existsSync(join(node.folder, "data"))
		mkdirSync(node.folder, { recursive: true })
		writeFileSync(config(node), properties(node, nodes, settings))
		// One word: an id may begin with a dash.
		const id = `--cluster-id=${clusterId}`
		if (fresh) await run("java", ["-XX:TieredStopAtLevel=1", "-cp", classpath, "kafka.tools.StorageTool", "format", id, "-c", config(node), ...formatting])
	}
	const start = async (node: Node) => {
		const output = openSync(join(node.folder, "output.log"), "a")
		const process = spawn("java", ["-Xmx512m", "-cp", classpath, "kafka.Kafka", config(node)], { stdio: ["ignore", output, output] })
		node.process = process
		await serves(node.port, () => (alive(process) ? undefined : `broker ${node.id} ended at once: see ${join(node.folder, "output.log")}`))
	}
	const find = (id: number): Node => {
		const node = nodes.find((one) => one.id === id)
		if (node === undefined) throw new Error(`there is no broker ${id}`)
		return node
	}
	const end = async (node: Node, signal: NodeJS.Signals) => {
		node.process?.kill(signal)
		await ended(node.process)
	}
	const killAll = () => {
		for (const node of nodes) node.process?.kill("SIGKILL")
	}
	process.once("exit", killAll)
	const stop = async () => {
		const ours = options.dataDir === undefined
		await Promise.all(nodes.map((node) => end(node, ours ? "SIGKILL" : "SIGTERM")))
		process.removeListener("exit", killAll)
		if (ours) rmSync(home, { recursive: true, force: true })
	}
	try {
		await Promise.all(nodes.map(format))
		await Promise.all(nodes.map(start))
	} catch (error) {
		await stop()
		throw error
	}
	return {
		brokers: nodes.map(({ port }) => `127.0.0.1:${port}`).join(),
		kill: (id) => end(find(id), "SIGKILL"),
		freeze: (id) => void find(id).process?.kill("SIGSTOP"),
		thaw: (id) => void find(id).process?.kill("SIGCONT"),
		restart: (id) => start(find(id)),
		stop,
	}
}
