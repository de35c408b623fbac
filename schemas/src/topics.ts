import { familyOf, TYPE_NAMES } from "./events/catalogue.ts"

/** What the linker says of what it found: never sent by a department. Each with its title and the fields of its data. */
export const DERIVED = {
	"event.parked": { title: "事件待挂接", fields: ["event", "reason"] },
	"event.placed-anew": { title: "事件改挂", fields: ["event", "from", "to"] },
	"unit.stage-changed": { title: "单元阶段变化", fields: ["from", "to"] },
	"readiness.changed": { title: "就绪条件变化", fields: ["conditions", "unitCount", "before", "after"] },
	"finding.raised": { title: "异常提出", fields: ["code", "severity", "responsible", "on", "since", "explanation"] },
	"finding.cleared": { title: "异常消除", fields: ["code", "severity", "responsible", "on", "since", "explanation", "evidence"] },
	"deadline.set": { title: "时限设定", fields: ["id", "dueAt", "responsible", "on"] },
	"deadline.met": { title: "时限达成", fields: ["id", "dueAt", "responsible", "on"] },
	"deadline.missed": { title: "时限逾期", fields: ["id", "dueAt", "responsible", "on"] },
	"utility.account-requested": {
		title: "水电气暖开户请求",
		fields: ["requestId", "revision", "kind", "unit", "address", "service", "company", "accountNo", "holder", "contactToken", "consentId"],
	},
} as const

/** How many partitions `yima.events` and `yima.derived` have unless configured at first start; never changed afterwards. */
export const PARTITIONS = 12

/** The families that departments send, each by an inbox of its own; a registrar's decisions come in by the gateway alone. */
export const INBOX_FAMILIES: readonly string[] = [...new Set(TYPE_NAMES.map(familyOf))].filter((family) => family !== "registrar")

/** The topic that a family comes in by, in the system whose topics begin with `prefix` (`yima`). */
export const inboxTopic = (prefix: string, family: string): string => `${prefix}.inbox.${family}`

/** The topic in which is said what was refused of a family. */
export const refusedTopic = (prefix: string, family: string): string => `${prefix}.refused.${family}`

interface Topic {
	readonly title: string
	readonly key: string
	readonly writtenBy: string
	readonly readBy: string
	/** One topic for each family that departments send. */
	readonly perFamily: boolean
	/** Seen from the registry. */
	readonly action: "receive" | "send"
	readonly holds: "types" | "derived" | "refused"
}

/** The topics by the beginning of their names. */
export const TOPICS: Readonly<Record<string, Topic>> = {
	"yima.inbox": {
		title: "来文",
		key: "free",
		writtenBy: "departments that speak Kafka (ACL: their own family)",
		readBy: "intake",
		perFamily: true,
		action: "receive",
		holds: "types",
	},
	"yima.events": {
		title: "事件日志",
		key: "the parcel code (19) of the subject, a project's as project-code:<code>; without one, the most specific identifier as kind:value; scope none: the type",
		writtenBy: "intake; ticks (type yima.clock.ticked.v1 and nothing else) by whoever needs time to pass. Natural persons are sealed, recordedtime is set",
		readBy: "linker",
		perFamily: false,
		action: "send",
		holds: "types",
	},
	"yima.derived": {
		title: "派生事件",
		key: "the parcel code, or project-code:<code>",
		writtenBy: "the derived stream's Kafka door",
		readBy: "anyone allowed",
		perFamily: false,
		action: "send",
		holds: "derived",
	},
	"yima.refused": {
		title: "退回",
		key: "as it came",
		writtenBy: "intake: what came by the inbox and was refused or a conflict, with its problems",
		readBy: "that department",
		perFamily: true,
		action: "send",
		holds: "refused",
	},
}
