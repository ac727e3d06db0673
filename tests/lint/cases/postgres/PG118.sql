--- setup
CREATE TABLE a (id bigint PRIMARY KEY);
CREATE TABLE b (id bigint PRIMARY KEY);
--- bad
ALTER TABLE a ADD COLUMN x int;
ALTER TABLE b ADD COLUMN x int;
--- good
ALTER TABLE a ADD COLUMN x int;
ALTER TABLE a ADD COLUMN y int;
--- good
ALTER TABLE a ADD COLUMN x int;
CREATE TABLE c (id bigint PRIMARY KEY);
ALTER TABLE c ADD COLUMN x int;
--- good
-- sterna:transaction none
ALTER TABLE a ADD COLUMN x int;
ALTER TABLE b ADD COLUMN x int;
