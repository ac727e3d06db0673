--- bad
CREATE TABLE a (id bigint PRIMARY KEY, flags set('a','b'));
--- good
CREATE TABLE a (id bigint PRIMARY KEY, flags int);
