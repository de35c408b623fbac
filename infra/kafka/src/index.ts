export { type KafkaCluster, type KafkaClusterOptions, startKafka } from "./cluster.ts"
export { type FoundKafka, findKafka, type NoKafka } from "./find.ts"
export { whyNoJava } from "./jars.ts"
