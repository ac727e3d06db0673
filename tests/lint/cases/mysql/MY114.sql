--- setup
CREATE TABLE users (id bigint NOT NULL PRIMARY KEY, body text);
--- bad
ALTER TABLE users ADD FULLTEXT KEY users_body (body);
--- bad
CREATE FULLTEXT INDEX users_body ON users (body);
--- good
CREATE INDEX users_body ON users (body(20));
