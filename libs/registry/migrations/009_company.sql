-- Up Migration
-- Where several companies give one service, each endpoint is one's; null: whoever it is, is told of all.
alter table yima.webhook add column company text;
