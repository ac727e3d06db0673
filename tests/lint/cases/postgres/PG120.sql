--- setup
CREATE TABLE a (id bigint PRIMARY KEY);
--- bad lock_timeout=0
ALTER TABLE a ADD COLUMN y int;
--- good
ALTER TABLE a ADD COLUMN y int;
--- good lock_timeout=0
-- sterna:lock-timeout 3s
ALTER TABLE a ADD COLUMN y int;
--- good lock_timeout=0
SET LOCAL lock_timeout = '2s';
ALTER TABLE a ADD COLUMN y int;
