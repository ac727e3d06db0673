--- bad
CREATE TABLE a (id bigint PRIMARY KEY, data json);
--- good
CREATE TABLE a (id bigint PRIMARY KEY, data jsonb);
