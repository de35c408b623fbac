import type { ClientBase } from "pg"

/**
 * The tables of the embedded log. Records are written once and never changed. `partition.next` is the counter that gives offsets
 * (rule 5): its row lock is held from the moment that an offset is given until it is committed, so that a reader who sees an offset
 * sees all before it. Its row changes with every commit: room is left on the page so that the update touches no index.
 */
const TABLES = `
CREATE SCHEMA IF NOT EXISTS log;

CREATE TABLE IF NOT EXISTS log.topic (
	id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
	name text NOT NULL UNIQUE,
	incarnation uuid NOT NULL DEFAULT gen_random_uuid(),
	partitions integer NOT NULL CHECK (partitions > 0),
	created timestamptz NOT NULL DEFAULT clock_timestamp()
);

CREATE TABLE IF NOT EXISTS log.partition (
	topic integer NOT NULL REFERENCES log.topic ON DELETE CASCADE,
	partition integer NOT NULL,
	low bigint NOT NULL DEFAULT 0,
	next bigint NOT NULL DEFAULT 0,
	PRIMARY KEY (topic, partition)
) WITH (fillfactor = 20);

CREATE TABLE IF NOT EXISTS log.record (
	topic integer NOT NULL,
	partition integer NOT NULL,
	"offset" bigint NOT NULL,
	appended_at bigint NOT NULL,
	key text NOT NULL,
	value text NOT NULL,
	PRIMARY KEY (topic, partition, "offset")
);

CREATE TABLE IF NOT EXISTS log.member (
	topic integer NOT NULL REFERENCES log.topic ON DELETE CASCADE,
	"group" text NOT NULL,
	member uuid NOT NULL,
	seen timestamptz NOT NULL,
	PRIMARY KEY (topic, "group", member)
) WITH (fillfactor = 20);
`

/** Any number that nothing else in the database locks. */
const LOCK = "7310579164282150"

export interface Topic {
	readonly incarnation: string
	readonly partitions: number
}

const find = async (client: ClientBase, topic: string): Promise<Topic | undefined> => {
	const { rows } = await client.query<{ there: boolean }>("SELECT to_regclass('log.member') IS NOT NULL AS there")
	if (rows[0]?.there !== true) return undefined
	const found = await client.query<Topic>("SELECT incarnation, partitions FROM log.topic WHERE name = $1", [topic])
	return found.rows[0]
}

/**
 * Creates the tables and the topic where they are missing; the same again changes nothing. A topic that is there keeps its number of
 * partitions, whatever is asked for, because a key must stay where it is: the answer says what there is. Not to be called inside a
 * transaction. A role that may not create anything can call it once the topic is there.
 */
export const createEmbeddedLog = async (client: ClientBase, topic: string, partitions: number): Promise<Topic> => {
	const there = await find(client, topic)
	if (there !== undefined) return there
	await client.query("BEGIN")
	try {
		await client.query("SELECT pg_advisory_xact_lock($1)", [LOCK])
		await client.query(TABLES)
		await client.query(
			`WITH topic AS (INSERT INTO log.topic (name, partitions) VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING id)
			INSERT INTO log.partition (topic, partition) SELECT id, generate_series(0, $2 - 1) FROM topic`,
			[topic, partitions],
		)
		await client.query("COMMIT")
	} catch (error) {
		await client.query("ROLLBACK")
		throw error
	}
	const created = await find(client, topic)
	if (created === undefined) throw new Error(`topic ${topic} was deleted while it was created`)
	return created
}
