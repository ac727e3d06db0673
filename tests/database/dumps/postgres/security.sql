-- base
CREATE TABLE t (a int, b int);
CREATE POLICY p ON t USING (a > 0);
-- change: enabled
ALTER TABLE t ENABLE ROW LEVEL SECURITY;
-- change: forced
ALTER TABLE t FORCE ROW LEVEL SECURITY;
-- change: expression
ALTER POLICY p ON t USING (a > 1);
-- change: check
ALTER POLICY p ON t WITH CHECK (b > 1);
-- change: roles
ALTER POLICY p ON t TO pg_monitor;
-- change: command
DROP POLICY p ON t;
CREATE POLICY p ON t FOR DELETE USING (a > 0);
-- change: restrictive
DROP POLICY p ON t;
CREATE POLICY p ON t AS RESTRICTIVE FOR DELETE USING (a > 0);
-- change: comment
COMMENT ON POLICY p ON t IS 'strict';
