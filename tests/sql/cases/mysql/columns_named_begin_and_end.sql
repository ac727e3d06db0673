CREATE PROCEDURE p()
BEGIN
  SELECT begin, end FROM t;
  SELECT t.begin, t.end, `end` FROM t WHERE end > begin;
  IF EXISTS (SELECT end FROM t) THEN SELECT 1; END IF;
END;
SELECT begin, end FROM t;
BEGIN;
