--- setup
CREATE TABLE users (id bigint PRIMARY KEY, age int);
--- bad
ALTER TABLE users ADD COLUMN old boolean;
UPDATE users SET old = true WHERE age > 70;
--- good
UPDATE users SET age = 1 WHERE age > 70;
--- good
CREATE TABLE a (id bigint PRIMARY KEY, b int);
ALTER TABLE a ADD COLUMN c int;
UPDATE a SET c = b WHERE b > 1;
--- good
-- sterna:transaction none
ALTER TABLE users ADD COLUMN old boolean;
-- sterna:backfill batch=100
UPDATE users SET old = true WHERE age > 70;
