--- setup
CREATE TABLE users (id bigint NOT NULL PRIMARY KEY, other bigint NOT NULL);
--- bad
ALTER TABLE users DROP PRIMARY KEY;
--- good
ALTER TABLE users DROP PRIMARY KEY, ADD PRIMARY KEY (other);
