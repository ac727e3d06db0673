--- setup
CREATE TABLE users (id bigint PRIMARY KEY);
--- bad
ALTER TABLE users ADD COLUMN email text UNIQUE;
--- bad
ALTER TABLE users ADD COLUMN age int CHECK (age > 0);
--- good
ALTER TABLE users ADD COLUMN boss bigint REFERENCES users;
--- good
ALTER TABLE users ADD COLUMN email text;
