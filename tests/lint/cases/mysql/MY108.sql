--- setup
CREATE TABLE users (id bigint NOT NULL PRIMARY KEY);
CREATE TABLE posts (id bigint NOT NULL PRIMARY KEY, author_id bigint);
--- bad
ALTER TABLE posts ADD CONSTRAINT posts_author FOREIGN KEY (author_id) REFERENCES users (id);
--- good
SET foreign_key_checks = 0;
ALTER TABLE posts ADD CONSTRAINT posts_author FOREIGN KEY (author_id) REFERENCES users (id);
SET foreign_key_checks = 1;
