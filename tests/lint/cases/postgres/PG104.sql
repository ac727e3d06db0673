--- setup
CREATE TABLE users (id bigint PRIMARY KEY, age int);
--- bad
ALTER TABLE users ADD CONSTRAINT users_age CHECK (age > 0);
--- good
ALTER TABLE users ADD CONSTRAINT users_age CHECK (age > 0) NOT VALID;
