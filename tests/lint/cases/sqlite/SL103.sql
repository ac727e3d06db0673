--- setup
CREATE TABLE users (id INTEGER PRIMARY KEY);
--- bad
ALTER TABLE users RENAME TO old_users;
CREATE TABLE users (id INTEGER PRIMARY KEY, age INTEGER);
--- good
ALTER TABLE users RENAME TO people;
