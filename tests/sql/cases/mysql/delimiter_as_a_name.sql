CREATE TABLE t (
  delimiter varchar(2),
  b int
);
SELECT
delimiter
FROM t;
