--- bad
CREATE TABLE a (id bigint PRIMARY KEY);
--- good
-- sterna:up
CREATE TABLE a (id bigint PRIMARY KEY);
-- sterna:down
DROP TABLE a;
--- good
-- sterna:reversible never the old values are not kept
UPDATE a SET b = 1 WHERE b = 2;
--- good repeatable
CREATE OR REPLACE VIEW v AS SELECT 1 AS a;
