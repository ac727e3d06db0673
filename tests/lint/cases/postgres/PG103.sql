--- setup
CREATE TABLE users (id bigint PRIMARY KEY);
CREATE TABLE posts (id bigint PRIMARY KEY, author_id bigint);
--- bad
ALTER TABLE posts ADD CONSTRAINT posts_author FOREIGN KEY (author_id) REFERENCES users (id) ON DELETE CASCADE;
--- bad
ALTER TABLE posts ADD FOREIGN KEY (author_id) REFERENCES users;
--- good
ALTER TABLE posts ADD CONSTRAINT posts_author FOREIGN KEY (author_id) REFERENCES users (id) NOT VALID;
--- good
CREATE TABLE notes (id bigint PRIMARY KEY, author_id bigint);
ALTER TABLE notes ADD FOREIGN KEY (author_id) REFERENCES users;
