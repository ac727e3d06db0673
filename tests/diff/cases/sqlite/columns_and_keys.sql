-- from
CREATE TABLE users (id integer PRIMARY KEY, name text, age int, gone text, CONSTRAINT grown CHECK (age > 0));
CREATE TABLE posts (id integer PRIMARY KEY, user_id int REFERENCES users (id) ON DELETE CASCADE, title text);
CREATE INDEX posts_title ON posts (title);
CREATE VIEW names AS SELECT id, name FROM users;
-- rows
INSERT INTO users VALUES (1, 'Ada', 36, 'x');
INSERT INTO posts VALUES (7, 1, 'Engines');
-- to
CREATE TABLE users (id integer PRIMARY KEY, name text NOT NULL DEFAULT 'nobody', age bigint, email text, CONSTRAINT grown CHECK (age > 10));
CREATE TABLE posts (id integer PRIMARY KEY, user_id int REFERENCES users (id) ON DELETE SET NULL, title text);
CREATE UNIQUE INDEX posts_title ON posts (lower(title)) WHERE title <> '';
CREATE VIEW names AS SELECT id, name, age FROM users;
CREATE TABLE tags (id integer PRIMARY KEY AUTOINCREMENT, post_id int REFERENCES posts (id), label text);
CREATE TRIGGER tagged AFTER INSERT ON tags BEGIN UPDATE posts SET title = title || '!' WHERE id = NEW.post_id; END;
-- check
SELECT (SELECT count(*) FROM users WHERE name = 'Ada' AND age = 36) = 1 AND (SELECT title FROM posts) = 'Engines'
