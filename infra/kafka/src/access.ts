import { INBOX_FAMILIES, inboxTopic, refusedTopic } from "@yima/schemas"
import kafkajs, { type AclEntry, type KafkaConfig } from "kafkajs"

const { AclOperationTypes: OPERATION, AclPermissionTypes: PERMISSION, AclResourceTypes: RESOURCE, ResourcePatternTypes: PATTERN } = kafkajs

/** A user of the brokers, and the families that its department sends. */
export interface Grant {
	readonly principal: string
	readonly families: readonly string[]
}

/** Unless a city says otherwise: a user a family, called as the family. */
export const GRANTS: readonly Grant[] = INBOX_FAMILIES.map((family) => ({ principal: family, families: [family] }))

/**
 * What a department may do at the brokers, all of it: write into its families' inboxes, read what was refused of them, in consumer groups
 * whose names begin as that topic's.
 */
export const entriesOf = (prefix: string, { principal, families }: Grant): readonly AclEntry[] =>
	families.flatMap((family) => {
		const everyone = { principal: `User:${principal}`, host: "*", permissionType: PERMISSION.ALLOW }
		const refused = refusedTopic(prefix, family)
		return [
			{
				...everyone,
				resourceType: RESOURCE.TOPIC,
				resourceName: inboxTopic(prefix, family),
				resourcePatternType: PATTERN.LITERAL,
				operation: OPERATION.WRITE,
			},
			{ ...everyone, resourceType: RESOURCE.TOPIC, resourceName: refused, resourcePatternType: PATTERN.LITERAL, operation: OPERATION.READ },
			{ ...everyone, resourceType: RESOURCE.GROUP, resourceName: refused, resourcePatternType: PATTERN.PREFIXED, operation: OPERATION.READ },
		]
	})

/** What yima itself needs: its own topics, made where they are missing, and its two groups. No other topic, no ACLs, no settings of the cluster. */
export const systemEntriesOf = (prefix: string, principal: string): readonly AclEntry[] => {
	const it = { principal: `User:${principal}`, host: "*", permissionType: PERMISSION.ALLOW }
	const group = { ...it, resourceType: RESOURCE.GROUP, resourcePatternType: PATTERN.LITERAL, operation: OPERATION.READ }
	return [
		{ ...it, resourceType: RESOURCE.TOPIC, resourceName: `${prefix}.`, resourcePatternType: PATTERN.PREFIXED, operation: OPERATION.ALL },
		{ ...it, resourceType: RESOURCE.CLUSTER, resourceName: "kafka-cluster", resourcePatternType: PATTERN.LITERAL, operation: OPERATION.DESCRIBE },
		{ ...group, resourceName: "linker" },
		{ ...group, resourceName: `${prefix}.inbox` },
	]
}

export interface GrantOptions {
	/** As one who may change ACLs. */
	readonly kafka: KafkaConfig
	/** What the topics' names begin with. */
	readonly prefix: string
	readonly grants?: readonly Grant[]
	/** The user of yima itself, where it is no super user. */
	readonly system?: string
}

/** Gives each its rights; what was given before stays, and nobody loses anything. The topics need not be there yet. */
export const grant = async ({ kafka, prefix, grants = GRANTS, system }: GrantOptions): Promise<void> => {
	const admin = new kafkajs.Kafka({ logLevel: kafkajs.logLevel.NOTHING, ...kafka }).admin()
	await admin.connect()
	try {
		const own = system === undefined ? [] : systemEntriesOf(prefix, system)
		await admin.createAcls({ acl: [...own, ...grants.flatMap((each) => entriesOf(prefix, each))] })
	} finally {
		await admin.disconnect()
	}
}
