export { GRANTS, type Grant, grant } from "./access.ts"
export { type KafkaCluster, type KafkaClusterOptions, type Logins, startKafka } from "./cluster.ts"
export { type FoundKafka, findKafka, type NoKafka } from "./find.ts"
export { whyNoJava } from "./jars.ts"
