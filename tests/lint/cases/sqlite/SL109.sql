--- setup
CREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT, name TEXT);
CREATE INDEX users_email ON users (email);
--- bad
ALTER TABLE users DROP COLUMN email;
--- bad
ALTER TABLE users DROP COLUMN id;
--- good
ALTER TABLE users DROP COLUMN name;
