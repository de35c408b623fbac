import fc from "fast-check"
import { Partitioners } from "kafkajs"
import { expect, test } from "vitest"
import { partitionOf } from "../src/index.ts"

/** `Utils.toPositive(Utils.murmur2(utf8)) % 12` as kafka-clients 4.3.0 answers. */
const JAVA: readonly (readonly [string, number])[] = [
	["", 9],
	["a", 4],
	["ab", 2],
	["abc", 3],
	["abcd", 8],
	["21", 0],
	["foobar", 6],
	["a-little-bit-long-string", 8],
	["a-little-bit-longer-string", 11],
	["lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8", 5],
	["410811001002GB00018", 11],
	["event:合同-2024-001", 0],
	["不动产单元代码", 10],
	["😀", 9],
]

test("a key lies where Kafka's Java client puts it", () => {
	for (const [key, partition] of JAVA) expect(partitionOf(key, 12), key).toBe(partition)
})

test("any key lies where kafkajs puts it", () => {
	const partitioner = Partitioners.DefaultPartitioner()
	fc.assert(
		fc.property(fc.string({ unit: "binary", minLength: 1 }), fc.integer({ min: 1, max: 200 }), (key, partitions) => {
			const partitionMetadata = Array.from({ length: partitions }, (_, partitionId) => ({
				partitionErrorCode: 0,
				partitionId,
				leader: 0,
				replicas: [],
				isr: [],
			}))
			expect(partitionOf(key, partitions)).toBe(partitioner({ topic: "t", partitionMetadata, message: { key, value: "" } }))
		}),
	)
})
