const SEED = 0x9747b28c
const M = 0x5bd1e995

/** MurmurHash2 with the seed that Kafka's Java client uses, as a signed 32-bit number. */
const murmur2 = (bytes: Uint8Array): number => {
	const { length } = bytes
	const at = (index: number): number => bytes[index] ?? 0
	let hash = SEED ^ length
	const whole = length - (length % 4)
	for (let i = 0; i < whole; i += 4) {
		let k = at(i) | (at(i + 1) << 8) | (at(i + 2) << 16) | (at(i + 3) << 24)
		k = Math.imul(k, M)
		k ^= k >>> 24
		hash = Math.imul(hash, M) ^ Math.imul(k, M)
	}
	const rest = length - whole
	if (rest >= 3) hash ^= at(whole + 2) << 16
	if (rest >= 2) hash ^= at(whole + 1) << 8
	if (rest >= 1) hash = Math.imul(hash ^ at(whole), M)
	hash = Math.imul(hash ^ (hash >>> 13), M)
	return hash ^ (hash >>> 15)
}

const utf8 = new TextEncoder()

/**
 * The partition of a key: `toPositive(murmur2(utf8(key))) % partitions`, as Kafka's Java client chooses it, so that whoever writes to
 * the topic with another client puts a parcel's events where we do.
 */
export const partitionOf = (key: string, partitions: number): number => (murmur2(utf8.encode(key)) & 0x7fffffff) % partitions
