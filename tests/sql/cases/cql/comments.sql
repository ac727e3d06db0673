-- a comment; with a semicolon
// another; one
/* and; a
   block */
CREATE TABLE t ( -- key; first
  id uuid PRIMARY KEY, // the; id
  url text /* like http://x; */
) WITH comment = 'see http://example.org; -- no comment' AND gc_grace_seconds = 10;
INSERT INTO t (id, url) VALUES (uuid(), 'a // b'); /* not /* nested; */ SELECT * FROM t;
