/**
 * The tables by kind, so that the schema can be distributed on an existing engine without a change: each table of the first two
 * kinds holds the column that would distribute it in its primary key or is looked up by it alone; the others are small.
 */
export const TABLES = {
	"by hash of an identity": { event: "key", mention: "id", link: "key", person_key: "subject" },
	"by parcel or project": { concern: "scope", state: "scope", finding: "scope", deadline: "scope", account_request: "unit" },
	"by partition": { position: "partition", mailbox: "partition", rejected: "partition", derived: "partition" },
	"by subscriber": { webhook: "id", delivery: "webhook", notice: "webhook", redemption: "request_id", reported: "id" },
	"of the installation": { setting: "name", door: "name", courier: "holder" },
} as const

/** Never updated, never deleted from: the application's role has no right to (architecture, rule 4). */
export const HISTORY = ["event", "derived", "notice", "redemption"] as const

/** Derived from history: a replay makes them anew and exchanges them (architecture, rule 10). In the order in which everybody locks them. */
export const REPLAYED = ["concern", "deadline", "finding", "link", "mention", "state"] as const

/** Of these, what is replaced by taking rows away: the application's role may. */
export const REPLACED = ["deadline", "finding"] as const
