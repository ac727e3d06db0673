--- setup
CREATE TABLE users (name text, number bigint NOT NULL);
CREATE TABLE texts (id bigint NOT NULL PRIMARY KEY, body text, FULLTEXT KEY texts_body (body));
--- bad
ALTER TABLE users ADD id bigint NOT NULL AUTO_INCREMENT, ADD UNIQUE KEY users_id (id);
--- bad offline version=80020
ALTER TABLE users ADD age int FIRST;
--- good
ALTER TABLE users ADD age int;
