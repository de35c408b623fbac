-- Up Migration
-- A delivery is found by its place, or by its endpoint, the latest first: one index for each, as every delivery is written into all of them.
alter table yima.delivery drop constraint delivery_pkey, add primary key (partition, number, webhook);
drop index yima.delivery_place;
drop index yima.delivery_last;
create index delivery_last on yima.delivery (webhook, coalesce(last_at, first_at) desc);
