-- Up Migration
-- Who carries: each courier says again and again that it is there, so that each knows how many endpoints are its part.
create table yima.courier (
	holder text collate "C" primary key,
	seen_until timestamptz not null
);
grant select, insert, update, delete on yima.courier to yima_app;
