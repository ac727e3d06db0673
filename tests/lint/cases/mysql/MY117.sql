--- setup
CREATE TABLE users (id bigint NOT NULL PRIMARY KEY);
--- bad
ALTER TABLE users ADD age int, ALGORITHM=COPY;
--- bad
ALTER TABLE users ADD age int, LOCK=SHARED;
--- good
ALTER TABLE users ADD age int, ALGORITHM=INSTANT;
