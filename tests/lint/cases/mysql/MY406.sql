--- bad
CREATE TABLE a (id bigint PRIMARY KEY, n int(5) zerofill);
--- good
CREATE TABLE a (id bigint PRIMARY KEY, n int);
