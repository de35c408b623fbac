-- Up Migration
-- 开户请求: what was said last of each unit and service, for what is said next is the difference. Primary data: a replay asks nobody again.
create table yima.account_request (
	unit text collate "C" not null,
	service text not null,
	request_id text collate "C" not null,
	revision int not null,
	kind text not null check (kind in ('OPEN', 'CHANGE_HOLDER', 'AMEND', 'CANCEL')),
	company text not null,
	holder text not null,                     -- blind index
	certificate_no text not null,
	transfer text collate "C" not null,       -- the event that it was said for
	root text collate "C" not null,           -- the event at the end of that one's corrections
	said_at bigint not null,
	primary key (unit, service)
);
create index account_request_id on yima.account_request (request_id);

-- What subscribers choose by.
alter table yima.derived
	add column projects text[] not null default '{}',
	add column service text;
create index derived_type on yima.derived (type, partition, number);
create index derived_service on yima.derived (service, partition, number) where service is not null;

grant select, insert, update on yima.account_request to yima_app;

-- 订阅端点: a cursor onto the derived stream, with what it chooses of it (architecture, rule 12).
create table yima.webhook (
	id text collate "C" primary key,
	url text not null,
	service text,
	families text[],
	types text[],
	project text,
	severity text[],
	batch_size int not null,
	concurrency int not null,
	per_second int,
	secret text not null,                     -- wrapped under the master key
	old_secret text,                          -- still signs until then
	old_until bigint,
	status text not null check (status in ('ACTIVE', 'FAILING', 'PAUSED', 'DISABLED')),
	reason text,                              -- of its failing or its being disabled
	cursor text not null,                     -- everything up to here is delivered or on its hold list
	failing_since bigint,
	failures int not null default 0,          -- in a row
	retry_at bigint,
	holder text,                              -- the courier that has it
	held_until timestamptz not null default '-infinity',
	lease bigint not null default 0,          -- its fence: each taking and each change of its settings raises it
	created_at bigint not null
);

-- A door that one courier at a time carries to, and that nobody sets: Kafka. Its cursor as a webhook's.
create table yima.door (
	name text primary key,
	cursor text not null,
	holder text,
	held_until timestamptz not null default '-infinity',
	lease bigint not null default 0
);

-- 投递记录: one row for each event that was sent to an endpoint or is on its hold list. WAITING: to be sent again, as somebody asked.
create table yima.delivery (
	webhook text collate "C" not null,
	partition smallint not null,
	number bigint not null,
	type text not null,
	subject text collate "C",
	status text not null check (status in ('WAITING', 'DELIVERED', 'HELD', 'FAILED')),
	attempts int not null,
	first_at bigint not null,
	last_at bigint,
	next_at bigint,
	latency_ms int,
	response_status int,
	request text,
	response text,
	primary key (webhook, partition, number)
);
create index delivery_open on yima.delivery (webhook, subject, partition, number) where status in ('HELD', 'WAITING');
create index delivery_last on yima.delivery (webhook, last_at desc);
create index delivery_place on yima.delivery (partition, number) where status = 'DELIVERED';

-- 通知: what an endpoint's operator is told: that it fails, was disabled, has recovered.
create table yima.notice (
	webhook text collate "C" not null,
	at bigint not null,
	kind text not null check (kind in ('FAILING', 'DISABLED', 'RECOVERED', 'TASK')),
	reason text not null,
	primary key (webhook, at, kind)
);

-- 联系方式查看记录: each time that a company had a holder's name and phone for a token.
create table yima.redemption (
	request_id text collate "C" not null,
	revision int not null,
	company text not null,
	purpose text not null,
	at bigint not null,
	primary key (request_id, revision, at)
);

grant select, insert, update on yima.door to yima_app;
grant select, insert on yima.webhook, yima.delivery, yima.notice, yima.redemption to yima_app;
grant update, delete on yima.webhook, yima.delivery to yima_app;
