--- bad
CREATE TABLE a (id bigint PRIMARY KEY, state enum('a','b'));
--- good
CREATE TABLE a (id bigint PRIMARY KEY, state varchar(10));
