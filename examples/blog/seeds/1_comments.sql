DELETE FROM comments WHERE id IN (1, 2, 3);
INSERT INTO comments (id, post_id, author, body)
SELECT 1, min(id), 'Cleo', 'Welcome!' FROM posts;
INSERT INTO comments (id, post_id, author, body)
SELECT 2, max(id), 'Dan', 'From pole to pole?' FROM posts;
INSERT INTO comments (id, post_id, author, body)
SELECT 3, max(id), 'Ann', 'And back, every year.' FROM posts;
