--- bad
CREATE TABLE a (name text DEFAULT 'open);
--- bad
-- sterna:unknown-key x
SELECT 1;
--- good
CREATE TABLE a (id bigint PRIMARY KEY);
