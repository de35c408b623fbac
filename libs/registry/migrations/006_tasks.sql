-- Up Migration
-- What an endpoint holds and what has become a person's task are counted at each scrape.
drop index yima.delivery_open;
create index delivery_open on yima.delivery (webhook, subject, partition, number) where status in ('HELD', 'WAITING', 'FAILED');
