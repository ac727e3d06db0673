--- setup
CREATE TABLE users (id bigint PRIMARY KEY);
--- bad
CREATE TABLE posts (id bigint PRIMARY KEY, author_id int REFERENCES users (id));
--- bad
CREATE TABLE posts (id bigint PRIMARY KEY, author_id text, FOREIGN KEY (author_id) REFERENCES users);
--- good
CREATE TABLE posts (id bigint PRIMARY KEY, author_id int8 REFERENCES users (id));
