--- bad
DROP VIEW recent;
--- bad
DROP FUNCTION f(int);
--- good
DROP VIEW recent;
CREATE VIEW recent AS SELECT 1 AS a;
