-- base
CREATE TYPE shape AS (a int, b text);
CREATE TABLE t (a int NOT NULL, b text, c int);
CREATE UNIQUE INDEX t_a ON t (a);
CREATE TABLE o (id int PRIMARY KEY);
CREATE TABLE typed OF shape;
-- change: unlogged
ALTER TABLE t SET UNLOGGED;
-- change: logged
ALTER TABLE t SET LOGGED;
-- change: storage parameter
ALTER TABLE t SET (fillfactor = 60);
-- change: storage parameter of the TOAST table
ALTER TABLE t SET (toast.autovacuum_enabled = false);
-- change: replica identity full
ALTER TABLE t REPLICA IDENTITY FULL;
-- change: replica identity by index
ALTER TABLE t REPLICA IDENTITY USING INDEX t_a;
-- change: cluster
ALTER TABLE t CLUSTER ON t_a;
-- change: no more of a type
ALTER TABLE typed NOT OF;
-- change: a table
CREATE TABLE added (id int);
-- change: no table
DROP TABLE added;
-- change: comment
COMMENT ON TABLE t IS 'it''s a table';
