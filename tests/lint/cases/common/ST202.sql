--- bad
-- sterna:up
CREATE TABLE a (id bigint PRIMARY KEY);
-- sterna:down
--- good
-- sterna:up
CREATE TABLE a (id bigint PRIMARY KEY);
-- sterna:down
DROP TABLE a;
