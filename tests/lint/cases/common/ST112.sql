--- setup
CREATE TABLE users (id bigint PRIMARY KEY, email text);
--- bad
CREATE UNIQUE INDEX users_email ON users (email);
--- bad on=mysql
ALTER TABLE users ADD UNIQUE KEY users_email (email);
--- good
CREATE INDEX users_email ON users (email);
