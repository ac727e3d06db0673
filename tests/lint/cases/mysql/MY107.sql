--- setup
CREATE TABLE users (id bigint NOT NULL PRIMARY KEY, age int);
--- bad
ALTER TABLE users ADD CONSTRAINT users_age CHECK (age > 0);
--- good
CREATE TABLE t (id bigint NOT NULL PRIMARY KEY, age int CHECK (age > 0));
