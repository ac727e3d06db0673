--- setup
CREATE TABLE users (id bigint PRIMARY KEY);
CREATE TABLE posts (id bigint PRIMARY KEY, author_id bigint, CONSTRAINT posts_author FOREIGN KEY (author_id) REFERENCES users, CONSTRAINT positive CHECK (id > 0));
--- bad
ALTER TABLE posts DROP CONSTRAINT posts_author;
--- good
ALTER TABLE posts DROP CONSTRAINT positive;
