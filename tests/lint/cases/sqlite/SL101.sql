--- setup
CREATE TABLE users (id INTEGER PRIMARY KEY);
CREATE TABLE posts (id INTEGER PRIMARY KEY, author_id INTEGER REFERENCES users (id) ON DELETE CASCADE);
CREATE TABLE alone (id INTEGER PRIMARY KEY);
--- bad
DROP TABLE users;
--- bad
CREATE TABLE new_alone (id INTEGER PRIMARY KEY);
DROP TABLE alone;
ALTER TABLE new_alone RENAME TO alone;
--- good
-- sterna:foreign-keys off
DROP TABLE users;
--- good
DROP TABLE alone;
