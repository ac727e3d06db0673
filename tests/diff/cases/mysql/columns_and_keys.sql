-- from
CREATE TABLE users (id bigint PRIMARY KEY, name varchar(50), age smallint, gone text, CONSTRAINT grown CHECK (age > 0));
CREATE TABLE posts (id bigint PRIMARY KEY, user_id bigint, title varchar(100), CONSTRAINT author FOREIGN KEY (user_id) REFERENCES users (id));
CREATE INDEX posts_title ON posts (title);
CREATE VIEW names AS SELECT id, name FROM users;
-- rows
INSERT INTO users VALUES (1, 'Ada', 36, 'x');
INSERT INTO posts VALUES (7, 1, 'Engines');
-- to
CREATE TABLE users (id bigint PRIMARY KEY, name varchar(80) NOT NULL DEFAULT 'nobody', email varchar(90) UNIQUE, age int, CONSTRAINT grown CHECK (age > 10)) COMMENT 'people';
CREATE TABLE posts (id bigint PRIMARY KEY, user_id bigint, title varchar(200), CONSTRAINT author FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE);
CREATE UNIQUE INDEX posts_title ON posts (title(20));
CREATE VIEW names AS SELECT id, name, age FROM users;
CREATE TABLE tags (id int AUTO_INCREMENT PRIMARY KEY, post_id bigint, label enum('a', 'b'), CONSTRAINT tagged FOREIGN KEY (post_id) REFERENCES posts (id));
-- check
SELECT (SELECT count(*) FROM users WHERE name = 'Ada' AND age = 36) = 1 AND (SELECT title FROM posts) = 'Engines'
