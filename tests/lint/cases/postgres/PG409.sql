--- bad
CREATE TABLE a (id bigint PRIMARY KEY, at timestamptz(0));
--- good
CREATE TABLE a (id bigint PRIMARY KEY, at timestamptz(3));
