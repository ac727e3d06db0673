--- setup
CREATE TABLE users (id bigint PRIMARY KEY);
--- bad
ALTER TABLE users ADD COLUMN email text NOT NULL;
--- good
ALTER TABLE users ADD COLUMN email text NOT NULL DEFAULT '';
--- good
ALTER TABLE users ADD COLUMN email text;
