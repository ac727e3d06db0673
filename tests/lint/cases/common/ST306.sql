--- setup
CREATE TABLE users (id bigint PRIMARY KEY, email text, name text);
CREATE INDEX users_email_name ON users (email, name);
--- bad
CREATE INDEX users_email ON users (email);
--- bad
CREATE INDEX users_id ON users (id);
--- good
CREATE INDEX users_name ON users (name);
--- good
CREATE INDEX users_email ON users (email) WHERE name IS NULL;
--- good
CREATE UNIQUE INDEX users_email ON users (email);
