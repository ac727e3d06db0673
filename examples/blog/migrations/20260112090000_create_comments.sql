-- sterna:up
CREATE TABLE comments (
  id integer PRIMARY KEY,
  post_id bigint NOT NULL REFERENCES posts (id) ON DELETE CASCADE,
  author varchar(100) NOT NULL,
  body text NOT NULL
);
CREATE INDEX comments_post ON comments (post_id);

-- sterna:down
DROP TABLE comments;
