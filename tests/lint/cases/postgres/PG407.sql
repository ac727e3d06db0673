--- bad
CREATE TABLE a (id bigint PRIMARY KEY, name varchar(50));
--- good
CREATE TABLE a (id bigint PRIMARY KEY, name text, other varchar);
