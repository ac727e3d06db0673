-- Runs again whenever this text changes. Its down part runs before versioned migrations go down: some databases do not let a column go
-- that a view uses.
-- sterna:up
DROP VIEW IF EXISTS post_summaries;
CREATE VIEW post_summaries AS
SELECT posts.title, posts.slug, users.name AS author, (SELECT count(*) FROM comments WHERE comments.post_id = posts.id) AS comments
FROM posts JOIN users ON users.id = posts.author_id;

-- sterna:down
DROP VIEW post_summaries;
