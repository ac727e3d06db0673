--- bad
CREATE TABLE posts (id bigint PRIMARY KEY, author_id bigint REFERENCES users);
--- bad on=sqlite
CREATE TABLE posts (id INTEGER PRIMARY KEY, author_id INTEGER, FOREIGN KEY (author_id) REFERENCES users (id));
--- good
CREATE TABLE posts (id bigint PRIMARY KEY, author_id bigint REFERENCES users);
CREATE INDEX posts_author ON posts (author_id);
--- good on=mysql
CREATE TABLE posts (id bigint PRIMARY KEY, author_id bigint, FOREIGN KEY (author_id) REFERENCES users (id));
