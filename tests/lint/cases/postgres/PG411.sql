--- bad
CREATE TABLE a (x int) INHERITS (b);
--- good
CREATE TABLE a (x int PRIMARY KEY);
