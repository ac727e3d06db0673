--- setup
CREATE TABLE users (id bigint PRIMARY KEY, age int);
--- bad
UPDATE users SET age = 0;
--- good
UPDATE users SET age = 0 WHERE age IS NULL;
--- good
CREATE TABLE a (id bigint PRIMARY KEY, b int);
UPDATE a SET b = 0;
--- good
-- sterna:transaction none
-- sterna:backfill batch=100
UPDATE users SET age = 0;
