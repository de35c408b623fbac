-- Up Migration
-- Every query asks for the least `from`; most letters lie for years and have none (`due`: a moment at which time alone changes a unit).
create index mailbox_waited on yima.mailbox ("from") where "from" is not null;
