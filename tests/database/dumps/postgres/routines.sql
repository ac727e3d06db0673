-- base
CREATE FUNCTION f(a int, b text DEFAULT 'x') RETURNS int LANGUAGE sql AS 'SELECT a';
CREATE FUNCTION s(a int, b int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT a + b';
CREATE PROCEDURE p(a int) LANGUAGE sql AS 'SELECT 1';
CREATE AGGREGATE total (int) (SFUNC = s, STYPE = int);
-- change: body
CREATE OR REPLACE FUNCTION f(a int, b text DEFAULT 'x') RETURNS int LANGUAGE sql AS 'SELECT a + 1';
-- change: default of a parameter
CREATE OR REPLACE FUNCTION f(a int, b text DEFAULT 'y') RETURNS int LANGUAGE sql AS 'SELECT a + 1';
-- change: volatility
ALTER FUNCTION f STABLE;
-- change: strict
ALTER FUNCTION f STRICT;
-- change: security
ALTER FUNCTION f SECURITY DEFINER;
-- change: leakproof
ALTER FUNCTION f LEAKPROOF;
-- change: parallel
ALTER FUNCTION f PARALLEL SAFE;
-- change: cost
ALTER FUNCTION f COST 7;
-- change: setting
ALTER FUNCTION f SET work_mem = '1MB';
-- change: a function of the same name
CREATE FUNCTION f(a text) RETURNS SETOF int LANGUAGE sql ROWS 5 AS 'SELECT 1';
-- change: comment
COMMENT ON FUNCTION f(text) IS 'what';
-- change: body of a procedure
CREATE OR REPLACE PROCEDURE p(a int) LANGUAGE sql AS 'SELECT 2';
-- change: comment on a procedure
COMMENT ON PROCEDURE p(int) IS 'does';
-- change: start of an aggregate
CREATE OR REPLACE FUNCTION s(a int, b int) RETURNS int LANGUAGE sql IMMUTABLE PARALLEL SAFE AS 'SELECT a + b';
DROP AGGREGATE total (int);
CREATE AGGREGATE total (int) (SFUNC = s, STYPE = int, INITCOND = '0');
-- change: combining aggregate
DROP AGGREGATE total (int);
CREATE AGGREGATE total (int) (SFUNC = s, STYPE = int, INITCOND = '0', COMBINEFUNC = s, PARALLEL = SAFE);
-- change: comment on an aggregate
COMMENT ON AGGREGATE total (int) IS 'sum';
-- change: ordered-set aggregate
CREATE AGGREGATE middle (float8 ORDER BY anyelement) (SFUNC = ordered_set_transition, STYPE = internal, FINALFUNC = percentile_disc_final, FINALFUNC_EXTRA);
-- change: parsed body
-- since 14
CREATE FUNCTION parsed(a int) RETURNS int LANGUAGE sql RETURN s(a, a);
