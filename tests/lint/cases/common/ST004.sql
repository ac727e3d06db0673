--- bad
-- sterna:allow XX999 whatever it is
CREATE TABLE a (id bigint PRIMARY KEY);
--- good
-- sterna:allow st101 nothing has asked for it since March
DROP TABLE a;
