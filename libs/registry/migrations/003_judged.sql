-- Up Migration
-- What a scope's own facts decide, as lists and roll-ups read it: a unit's readiness is put together of four rows.
alter table yima.state
	add column project text collate "C",      -- of a unit or building
	add column sold boolean not null default false,
	add column ready boolean,                 -- a unit's, as it was said last; null: nobody has judged it yet
	add column unmet text[] not null default '{}',
	add column excused text[] not null default '{}',
	add column blocks text[] not null default '{}',
	add column acts jsonb not null default '{}';
create index state_project on yima.state (project, scope) where project is not null;

-- What is open on a scope; replaced as a whole with its scope's judgement.
create table yima.finding (
	scope text collate "C" not null,
	code text collate "C" not null,
	thing text collate "C" not null,          -- tells it from others of its code on the scope
	severity text not null,
	responsible text not null,
	since bigint not null,                    -- since when it stands, µs
	explanation text not null,
	evidence text not null,                   -- JSON list of events
	caused_by text collate "C" not null,
	primary key (scope, code, thing)
);
create index finding_code on yima.finding (code, scope);

create table yima.deadline (
	scope text collate "C" not null,
	id text collate "C" not null,
	thing text collate "C" not null,
	responsible text not null,
	started_at bigint not null,
	due_at bigint not null,
	paused_since bigint,
	met_at bigint,
	missed boolean not null,                  -- that has been said
	primary key (scope, id, thing)
);
create index deadline_open on yima.deadline (due_at, scope) where met_at is null;

create index derived_cleared on yima.derived (said_at, partition, number) where type = 'finding.cleared';
create index derived_readiness on yima.derived (parcel, partition, number) where type = 'readiness.changed';

grant select, insert, delete on yima.finding, yima.deadline to yima_app;
