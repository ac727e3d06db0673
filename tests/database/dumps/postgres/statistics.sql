-- base
CREATE TABLE t (a int, b int, c text);
CREATE STATISTICS s (dependencies) ON a, b FROM t;
-- change: kinds
DROP STATISTICS s;
CREATE STATISTICS s (ndistinct, mcv) ON a, b FROM t;
-- change: columns
DROP STATISTICS s;
CREATE STATISTICS s (ndistinct, mcv) ON a, c FROM t;
-- change: expression
-- since 14
CREATE STATISTICS e ON lower(c), (a + b) FROM t;
-- change: target
-- since 13
ALTER STATISTICS s SET STATISTICS 9;
-- change: comment
COMMENT ON STATISTICS s IS 'both';
-- change: owner
ALTER STATISTICS s OWNER TO pg_monitor;
