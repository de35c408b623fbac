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
