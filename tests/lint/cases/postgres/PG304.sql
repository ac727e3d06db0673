--- bad
-- sterna:transaction none
CREATE TABLE a (id bigint PRIMARY KEY);
--- good
-- sterna:transaction none
VACUUM a;
--- good
CREATE TABLE a (id bigint PRIMARY KEY);
