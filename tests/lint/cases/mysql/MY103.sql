--- setup
CREATE TABLE users (id bigint NOT NULL PRIMARY KEY, age int);
--- bad
ALTER TABLE users MODIFY age int NOT NULL;
--- good
ALTER TABLE users MODIFY age int;
