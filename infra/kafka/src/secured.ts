import { randomBytes } from "node:crypto"
import type { Logins } from "./cluster.ts"

/** What a broker is told so that it lets in only who logs in, and does only what ACLs allow. */
export interface Secured {
	readonly settings: Readonly<Record<string, string>>
	/** Arguments of the storage tool: SCRAM users must be there before the first broker speaks to another. */
	readonly formatting: readonly string[]
}

/** The brokers' own login, for each other and their controllers. */
const BROKER = "broker"

const isPlain = (text: string) => /^[\w-]+$/.test(text)

/**
 * The client listener with SCRAM-SHA-512, the controllers' with PLAIN and a password that nobody else knows; KRaft's authorizer, by which
 * whatever no ACL allows is refused. Nobody is anonymous anywhere.
 */
export const secured = (logins: Logins | undefined): Secured => {
	if (logins === undefined) return { settings: {}, formatting: [] }
	const secret = randomBytes(24).toString("hex")
	const users = Object.entries({ ...logins.passwords, [BROKER]: secret })
	if (users.some(([name, password]) => !isPlain(name) || !isPlain(password))) throw new Error("names and passwords are of letters, digits, - and _ here")
	if (!Object.hasOwn(logins.passwords, logins.superUser)) throw new Error(`the super user ${logins.superUser} has no password`)
	const jaas = (module: string, more = "") => `org.apache.kafka.common.security.${module} required username="${BROKER}" password="${secret}"${more};`
	return {
		settings: {
			"listener.security.protocol.map": "PLAINTEXT:SASL_PLAINTEXT,CONTROLLER:SASL_PLAINTEXT",
			"inter.broker.listener.name": "PLAINTEXT",
			"sasl.mechanism.inter.broker.protocol": "SCRAM-SHA-512",
			"sasl.mechanism.controller.protocol": "PLAIN",
			"listener.name.plaintext.sasl.enabled.mechanisms": "SCRAM-SHA-512",
			"listener.name.plaintext.scram-sha-512.sasl.jaas.config": jaas("scram.ScramLoginModule"),
			"listener.name.controller.sasl.enabled.mechanisms": "PLAIN",
			"listener.name.controller.plain.sasl.jaas.config": jaas("plain.PlainLoginModule", ` user_${BROKER}="${secret}"`),
			"authorizer.class.name": "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
			"super.users": `User:${BROKER};User:${logins.superUser}`,
			"allow.everyone.if.no.acl.found": "false",
		},
		formatting: users.flatMap(([name, password]) => ["--add-scram", `SCRAM-SHA-512=[name=${name},password=${password}]`]),
	}
}
