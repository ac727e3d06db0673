--- setup
CREATE TABLE users (id INTEGER PRIMARY KEY);
--- bad
CREATE TABLE new_users (id INTEGER PRIMARY KEY, age INTEGER);
INSERT INTO new_users (id) SELECT id FROM users;
DROP TABLE users;
ALTER TABLE new_users RENAME TO users;
--- good
DROP TABLE users;
