--- setup
CREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT);
--- bad
ALTER TABLE users ALTER COLUMN email SET NOT NULL;
--- bad
ALTER TABLE users ADD CONSTRAINT c CHECK (email <> '');
--- good
ALTER TABLE users RENAME COLUMN email TO mail;
