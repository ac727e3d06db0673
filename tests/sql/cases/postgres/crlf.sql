CREATE TABLE t (
  a int
);
-- note
SELECT 1;
