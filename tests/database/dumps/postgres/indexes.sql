-- base
CREATE EXTENSION pg_trgm;
CREATE TABLE t (a int, b text, c jsonb, d text);
CREATE INDEX i ON t (a);
CREATE UNIQUE INDEX u ON t (b);
-- change: order
DROP INDEX i;
CREATE INDEX i ON t (a DESC);
-- change: nulls
DROP INDEX i;
CREATE INDEX i ON t (a DESC NULLS LAST);
-- change: method
DROP INDEX i;
CREATE INDEX i ON t USING hash (a);
-- change: condition
DROP INDEX i;
CREATE INDEX i ON t (a) WHERE b <> '';
-- change: included columns
DROP INDEX i;
CREATE INDEX i ON t (a) INCLUDE (d);
-- change: expression
DROP INDEX i;
CREATE INDEX i ON t (lower(b), a);
-- change: operator class
DROP INDEX i;
CREATE INDEX i ON t (lower(b) text_pattern_ops, a);
-- change: parameters of an operator class
-- since 13
CREATE INDEX s ON t USING gist (b gist_trgm_ops (siglen = 32));
-- change: collation
DROP INDEX i;
CREATE INDEX i ON t (lower(b) COLLATE "C" text_pattern_ops, a);
-- change: storage parameter
ALTER INDEX i SET (fillfactor = 50);
-- change: statistics of an expression
ALTER INDEX i ALTER COLUMN 1 SET STATISTICS 7;
-- change: not unique
DROP INDEX u;
CREATE INDEX u ON t (b);
-- change: null is a value
-- since 15
DROP INDEX u;
CREATE UNIQUE INDEX u ON t (b) NULLS NOT DISTINCT;
-- change: name
ALTER INDEX i RENAME TO j;
-- change: comment
COMMENT ON INDEX j IS 'searched';
-- change: gin
CREATE INDEX g ON t USING gin (c jsonb_path_ops) WITH (fastupdate = off);
