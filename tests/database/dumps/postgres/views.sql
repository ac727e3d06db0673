-- base
CREATE TABLE t (id int PRIMARY KEY, name text);
CREATE VIEW v AS SELECT id, name FROM t;
CREATE MATERIALIZED VIEW m AS SELECT id, count(*) AS n FROM t GROUP BY id WITH NO DATA;
CREATE VIEW top AS SELECT v.id, m.n FROM v JOIN m USING (id);
-- change: query
CREATE OR REPLACE VIEW v AS SELECT id, name FROM t WHERE id > 0;
-- change: option
ALTER VIEW v SET (security_barrier);
-- change: check option
ALTER VIEW v SET (check_option = cascaded);
-- change: runs as its caller
-- since 15
ALTER VIEW v SET (security_invoker);
-- change: default of a column
ALTER VIEW v ALTER name SET DEFAULT 'x';
-- change: comment
COMMENT ON VIEW v IS 'seen';
-- change: comment on a column
COMMENT ON COLUMN v.id IS 'one';
-- change: index of a materialized view
CREATE UNIQUE INDEX m_id ON m (id);
-- change: another index
DROP INDEX m_id;
CREATE UNIQUE INDEX m_id ON m (id DESC) INCLUDE (n);
-- change: comment on the index
COMMENT ON INDEX m_id IS 'of m';
-- change: statistics of a materialized view
ALTER MATERIALIZED VIEW m ALTER n SET STATISTICS 9;
-- change: parameter of a materialized view
ALTER MATERIALIZED VIEW m SET (fillfactor = 50);
-- change: clustered materialized view
ALTER MATERIALIZED VIEW m CLUSTER ON m_id;
-- change: query of a materialized view
DROP MATERIALIZED VIEW m CASCADE;
CREATE MATERIALIZED VIEW m AS SELECT id, count(name) AS n FROM t GROUP BY id WITH NO DATA;
