--- bad
CREATE UNLOGGED TABLE a (id bigint PRIMARY KEY);
--- good
CREATE TABLE a (id bigint PRIMARY KEY);
