--- setup
CREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT);
--- bad
CREATE TABLE posts (id INTEGER PRIMARY KEY, email TEXT REFERENCES users (email));
--- good
CREATE TABLE posts (id INTEGER PRIMARY KEY, author INTEGER REFERENCES users (id));
