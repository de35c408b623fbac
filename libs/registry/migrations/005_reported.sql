-- Up Migration
-- 回报: when each step of a request was first reported by a company's answer, so that the same report is the same event whenever it comes again.
create table yima.reported (
	id text collate "C" primary key,
	at bigint not null
);

grant select, insert, update on yima.reported to yima_app;
