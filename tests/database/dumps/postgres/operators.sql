-- base
CREATE FUNCTION plus(a int, b int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT a + b';
CREATE FUNCTION same(a int, b int) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT a = b';
CREATE OPERATOR @+ (LEFTARG = int, RIGHTARG = int, FUNCTION = plus);
CREATE TYPE wrapped AS (v int);
CREATE FUNCTION unwrap(w wrapped) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT w.v';
CREATE CAST (wrapped AS int) WITH FUNCTION unwrap(wrapped);
-- change: function of an operator
CREATE FUNCTION plus2(a int, b int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT a + b + 2';
DROP OPERATOR @+ (int, int);
CREATE OPERATOR @+ (LEFTARG = int, RIGHTARG = int, FUNCTION = plus2);
-- change: attributes of an operator
DROP OPERATOR @+ (int, int);
CREATE OPERATOR @+ (LEFTARG = int, RIGHTARG = int, FUNCTION = plus2, COMMUTATOR = @+);
-- change: an operator that hashes
CREATE OPERATOR @= (LEFTARG = int, RIGHTARG = int, FUNCTION = same, COMMUTATOR = @=, HASHES, MERGES, RESTRICT = eqsel, JOIN = eqjoinsel);
-- change: comment on an operator
COMMENT ON OPERATOR @+ (int, int) IS 'plus';
-- change: context of a cast
DROP CAST (wrapped AS int);
CREATE CAST (wrapped AS int) WITH FUNCTION unwrap(wrapped) AS IMPLICIT;
-- change: comment on a cast
COMMENT ON CAST (wrapped AS int) IS 'out';
-- change: owner
ALTER OPERATOR @+ (int, int) OWNER TO pg_monitor;
