import { setTimeout as pause } from "node:timers/promises"
import type { Postgres } from "@yima/embedded-postgres"
import type { KafkaCluster } from "@yima/kafka-brokers"
import type { dice } from "@yima/test-convergence"

/** What everybody rests on, killed and back again after a while: each by its name. */
export const outages = (
	postgres: Postgres,
	kafka: KafkaCluster | null,
	{ int }: Pick<ReturnType<typeof dice>, "int">,
): Readonly<Record<string, () => Promise<void>>> => ({
	postgres: async () => {
		await postgres.kill()
		await pause(int(1500))
		await postgres.restart()
	},
	...(kafka === null
		? {}
		: {
				broker: async () => {
					const node = 1 + int(3)
					await kafka.kill(node)
					await pause(int(3000))
					await kafka.restart(node)
				},
			}),
})
