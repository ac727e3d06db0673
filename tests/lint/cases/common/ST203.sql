--- bad
-- sterna:up
CREATE TABLE a (id bigint PRIMARY KEY);
CREATE TABLE b (id bigint PRIMARY KEY);
-- sterna:down
DROP TABLE a;
--- good
-- sterna:up
CREATE TABLE a (id bigint PRIMARY KEY);
CREATE TABLE b (id bigint PRIMARY KEY);
-- sterna:down
DROP TABLE b, a;
