-- Up Migration
-- Tables are of four kinds (`src/tables.ts`): by hash of an identity, by parcel or project, by partition, by subject of personal data.
-- Texts that are compared byte by byte, as the core compares them, are of collation "C".

create schema yima;

-- Where each partition's owner stands. Its `turn` is the fence: every transaction of an owner raises it.
create table yima.position (
	partition smallint primary key,
	turn bigint not null,
	next bigint not null,             -- the offset to read next
	known bigint not null,            -- the recorded time last given, µs
	held bigint,                      -- while the last turn is unchecked: the recorded time up to which it could change nothing
	causes text,                      -- ... and the records behind it: JSON [[partition, offset]], each partition's first
	unchecked text,                   -- ... and what it had read around: see `Crossing`
	said bigint not null,             -- the number of the last derived row
	incarnation text not null         -- the log that `next` is a place in
);

-- History: what was said, as the log holds it. Of several bodies under one key (rivals in different partitions) the least (known, partition, "offset") stands.
create table yima.event (
	key text collate "C" not null,
	partition smallint not null,
	"offset" bigint not null,
	known bigint not null,
	turn bigint not null,
	type text not null,
	time bigint not null,
	body text not null,
	primary key (key, partition)
);
-- Recorded times rise strictly within a partition, whatever becomes of the log: offsets begin anew where another log is adopted.
create unique index event_known on yima.event (partition, known);

-- Which event names what: an identifier (`kind value`), or another event (`event source#id`). A definition stands beside it as steps.
create table yima.mention (
	id text collate "C" not null,
	key text collate "C" not null,
	role text not null check (role in ('names', 'corrects', 'retracts', 'decides')),
	partition smallint not null,      -- of the event `key`
	turn bigint not null,             -- in which the row was written last
	stands boolean not null,          -- false: only a body that no longer stands named it; the row stays, so that others see it change
	definitions text,                 -- steps; null: the event never gave `id` a meaning
	primary key (id, key, role)
);
create index mention_definition on yima.mention (id) where definitions is not null;

-- Where an event belongs, as steps of knownAt: derived, replaced as a whole by whoever has seen the version that it replaces.
create table yima.link (
	key text collate "C" primary key,
	version bigint not null,
	partition smallint not null,
	turn bigint not null,
	places text not null,
	scopes text not null,             -- every scope that has a row in `concern` for it
	parked text,                      -- the reason, while it is parked
	parked_since bigint
);
create index link_parked on yima.link (parked_since, key) where parked is not null;

-- One event as one scope sees it, as steps of knownAt: the facts of the scope's state, each with the hash of its concern.
create table yima.concern (
	parcel text collate "C" not null,
	scope text collate "C" not null,
	key text collate "C" not null,
	partition smallint not null,      -- of the event `key`
	turn bigint not null,             -- in which the row was written last: with `partition`, its place in the stream of changes
	steps text not null,
	primary key (scope, key)
);

-- A scope that anything concerns: what lists walk along.
create table yima.state (
	parcel text collate "C" not null,
	scope text collate "C" primary key,
	stage text,                       -- a unit's, as it was said last; null: none
	due bigint                        -- when time alone changes it next, as far as a letter waits for it
);

create table yima.mailbox (
	number bigint generated always as identity primary key,
	partition smallint not null,      -- whose owner works it off
	due bigint not null,              -- not before this moment, µs; 0: now
	"from" bigint,                    -- the least recorded time from which what it passes on differs; null: no answer can differ
	cause_partition smallint not null,
	cause_offset bigint not null,     -- the record that caused it in the end
	task text not null
);
create index mailbox_work on yima.mailbox (partition, ("from" is not null), due, number);

-- What could not be taken into history, as the log holds it (sealed), with its place.
create table yima.rejected (
	partition smallint not null,
	"offset" bigint not null,
	known bigint not null,
	key text collate "C",
	kind text not null check (kind in ('unreadable', 'conflict')),
	problems text not null,
	original text not null,
	replayed boolean not null default false,
	primary key (partition, known)
);
create index rejected_key on yima.rejected (key) where key is not null;

-- What the registry said of itself: never said again, never taken back.
create table yima.derived (
	partition smallint not null,
	number bigint not null,
	parcel text collate "C" not null,
	type text not null,
	subject text collate "C",
	caused_by text collate "C" not null,
	said_at bigint not null,
	data text not null,
	primary key (partition, number)
);
create index derived_parcel on yima.derived (parcel, partition, number);

-- The key under which one natural person's data is sealed, itself under the master key. Erased: what it sealed stays sealed for ever.
create table yima.person_key (
	subject text collate "C" primary key,
	wrapped text
);

-- Facts about this installation: the fingerprint of the master key, the number of partitions.
create table yima.setting (
	name text primary key,
	value text not null
);

do $$ begin
	create role yima_app nologin;
exception when duplicate_object or unique_violation then null;
end $$;
grant usage on schema yima to yima_app;
grant select, insert on all tables in schema yima to yima_app;
grant update on yima.position, yima.mention, yima.link, yima.concern, yima.state to yima_app;
grant delete on yima.mailbox to yima_app;
grant update (replayed) on yima.rejected to yima_app;
grant update (wrapped) on yima.person_key to yima_app;
do $$ begin execute format('grant yima_app to %I', current_user); end $$;
