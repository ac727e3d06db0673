--- bad
CREATE TABLE a (id bigint PRIMARY KEY, at time with time zone);
--- good
CREATE TABLE a (id bigint PRIMARY KEY, at time);
