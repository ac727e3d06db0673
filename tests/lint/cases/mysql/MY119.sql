--- setup
CREATE TABLE users (id bigint NOT NULL PRIMARY KEY);
--- bad
ALTER TABLE users ADD age int;
--- good
ALTER TABLE users ADD age int, ALGORITHM=INSTANT;
