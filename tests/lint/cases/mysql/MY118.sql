--- setup
CREATE TABLE users (id bigint NOT NULL PRIMARY KEY, a int, b int);
--- bad
ALTER TABLE users MODIFY a bigint;
ALTER TABLE users MODIFY b bigint;
--- good
ALTER TABLE users MODIFY a bigint, MODIFY b bigint;
