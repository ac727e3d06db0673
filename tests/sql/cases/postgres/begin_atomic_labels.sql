CREATE FUNCTION f() RETURNS TABLE (a int, b int)
BEGIN ATOMIC
  SELECT t.begin AS end, t.end AS case FROM t;
  SELECT "end", "case" FROM t;
END;
SELECT 2;
