--- bad
CREATE TABLE a (id bigint PRIMARY KEY, at timestamp NULL);
--- good
CREATE TABLE a (id bigint PRIMARY KEY, at datetime(6));
