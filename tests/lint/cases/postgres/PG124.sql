--- setup
CREATE TABLE a (id bigint PRIMARY KEY, x int);
CREATE TABLE c (id bigint PRIMARY KEY, x int);
--- bad
CREATE TABLE b (id bigint PRIMARY KEY, a_id bigint REFERENCES a);
UPDATE c SET x = 0 WHERE id < 9;
--- good
CREATE TABLE b (id bigint PRIMARY KEY, a_id bigint REFERENCES a);
