-- sterna:description Something to look at
-- sterna:up
INSERT INTO users (id, email, name) VALUES (1, 'ann@example.org', 'Ann'), (2, 'bob@example.org', 'Bob');
INSERT INTO posts (title, author_id) VALUES ('Hello, World', 1), ('Arctic Terns on Tour', 2);

-- sterna:down
DELETE FROM posts WHERE title IN ('Hello, World', 'Arctic Terns on Tour');
DELETE FROM users WHERE id IN (1, 2);
