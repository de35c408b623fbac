export { Bell, listenToBell } from "./bell.ts"
export { type Connect, connect, openPool, transaction } from "./connect.ts"
export { type DerivedFilter, type DerivedPage, type DerivedPlace, DerivedReader, type DerivedRow } from "./derived.ts"
export { Doors } from "./doors.ts"
export type {
	ClearedRow,
	DeadlinesFilter,
	FindingsFilter,
	JudgedCursor,
	JudgedReader,
	ListedUnit,
	UnitRow,
	UnitsFilter,
} from "./judged.ts"
export { MemoryRegistry } from "./memory.ts"
export { MayNotMigrate, migrate } from "./migrate.ts"
export { personKeys, settings } from "./person-keys.ts"
export { PostgresRegistry } from "./postgres.ts"
export {
	type ChangeRow,
	type NamedFilter,
	type Page,
	type ParkedFilter,
	type ParkedRow,
	Reader,
	type RejectedRow,
	Snapshot,
} from "./reader.ts"
export type {
	ConcernRow,
	Crossing,
	DeadlineRow,
	Derived,
	FindingRow,
	Judged,
	Link,
	Loaded,
	Mail,
	MailRow,
	MemberRow,
	Mention,
	Opening,
	Place,
	Position,
	Recorded,
	Registry,
	Rejection,
	RequestRow,
	Role,
	Ruling,
	StateRow,
	Unseen,
	Wanted,
	Writes,
} from "./registry.ts"
export { type Difference, Shadow } from "./shadow.ts"
export { HISTORY, TABLES } from "./tables.ts"
export { type Reading, watermarkOf } from "./watermark.ts"
export {
	type DeliveryRow,
	type DeliveryStatus,
	filterOfWebhook,
	type Held,
	type HeldRow,
	NOTHING_HELD,
	type Notice,
	type NoticeKind,
	type Progress,
	type Redemption,
	type WebhookRow,
	type WebhookSettings,
	type WebhookStatus,
	Webhooks,
} from "./webhooks.ts"
