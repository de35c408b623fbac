import { join } from "node:path"
import { startKafka } from "./cluster.ts"

/** `node infra/kafka/src/main.ts [1|3] [folder]`: brokers until Ctrl-C; with a folder, their data stay. */
const [count = "1", folder] = process.argv.slice(2)
if (count !== "1" && count !== "3") {
	console.error("how many brokers: 1 or 3")
	process.exit(2)
}
const options = { brokers: count === "3" ? 3 : 1 } as const
const kafka = await startKafka(folder === undefined ? options : { ...options, dataDir: join(process.cwd(), folder) })
console.log(`KAFKA_BROKERS=${kafka.brokers}`)
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => void kafka.stop().then(() => process.exit(0)))
