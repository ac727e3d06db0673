--- bad
CREATE TABLE a (id bigint PRIMARY KEY, y year(2));
--- good
CREATE TABLE a (id bigint PRIMARY KEY, y year);
