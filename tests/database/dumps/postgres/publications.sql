-- base
CREATE SCHEMA app;
CREATE TABLE t (id int PRIMARY KEY, n int);
CREATE TABLE app.u (id int PRIMARY KEY);
CREATE PUBLICATION p FOR TABLE t;
-- change: what is published
ALTER PUBLICATION p SET (publish = 'insert');
-- change: tables
ALTER PUBLICATION p ADD TABLE app.u;
-- change: root
-- since 13
ALTER PUBLICATION p SET (publish_via_partition_root);
-- change: columns and rows
-- since 15
ALTER PUBLICATION p SET TABLE t (id) WHERE (id > 0), app.u;
-- change: schemas
-- since 15
CREATE PUBLICATION s FOR TABLES IN SCHEMA app;
-- change: all tables
CREATE PUBLICATION a FOR ALL TABLES;
-- change: comment
COMMENT ON PUBLICATION p IS 'out';
