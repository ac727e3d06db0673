--- setup
CREATE TABLE users (id bigint NOT NULL PRIMARY KEY, age int);
--- bad offline version=80020
ALTER TABLE users DROP COLUMN age;
--- good
ALTER TABLE users DROP COLUMN age;
