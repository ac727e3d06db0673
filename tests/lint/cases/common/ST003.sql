--- bad
-- sterna:allow ST101 it is going to be dropped
CREATE TABLE a (id bigint PRIMARY KEY);
--- good
-- sterna:allow ST101 nothing has asked for it since March
DROP TABLE a;
