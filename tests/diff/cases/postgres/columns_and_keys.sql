-- from
CREATE TABLE users (id bigint PRIMARY KEY, name varchar(50), age smallint, gone text, CONSTRAINT grown CHECK (age > 0));
CREATE TABLE posts (id bigint PRIMARY KEY, user_id bigint REFERENCES users (id), title text);
CREATE INDEX posts_title ON posts (title);
CREATE VIEW names AS SELECT id, name FROM users;
CREATE VIEW long_names AS SELECT * FROM names WHERE length(name) > 10;
-- rows
INSERT INTO users VALUES (1, 'Ada', 36, 'x');
INSERT INTO posts VALUES (7, 1, 'Engines');
-- to
CREATE TABLE users (id bigint PRIMARY KEY, name text NOT NULL DEFAULT 'nobody', age integer, email text UNIQUE, CONSTRAINT grown CHECK (age > 10));
CREATE TABLE posts (id bigint PRIMARY KEY, user_id bigint, title varchar(200), CONSTRAINT author FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE);
CREATE UNIQUE INDEX posts_title ON posts (lower(title)) WHERE title <> '';
CREATE VIEW names AS SELECT id, name FROM users;
CREATE VIEW long_names AS SELECT * FROM names WHERE length(name) > 20;
CREATE TABLE tags (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, post_id bigint REFERENCES posts (id), label text);
COMMENT ON TABLE tags IS 'what they say';
-- check
SELECT (SELECT count(*) FROM users WHERE name = 'Ada' AND age = 36) = 1 AND (SELECT title FROM posts) = 'Engines'
