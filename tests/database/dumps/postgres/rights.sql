-- base
CREATE SCHEMA app;
CREATE TABLE t (id serial PRIMARY KEY, w text);
CREATE VIEW v AS SELECT * FROM t;
CREATE FUNCTION f(a int) RETURNS int LANGUAGE sql AS 'SELECT a';
CREATE TYPE mood AS ENUM ('a');
CREATE SEQUENCE s;
-- change: owner of a table
ALTER TABLE t OWNER TO pg_monitor;
-- change: owner of a view
ALTER VIEW v OWNER TO pg_monitor;
-- change: owner of a function
ALTER FUNCTION f(int) OWNER TO pg_monitor;
-- change: owner of a type
ALTER TYPE mood OWNER TO pg_monitor;
-- change: owner of a sequence
ALTER SEQUENCE s OWNER TO pg_monitor;
-- change: privilege
GRANT SELECT ON t TO pg_read_all_stats;
-- change: privilege of all
GRANT UPDATE ON t TO PUBLIC;
-- change: privilege of a column
GRANT UPDATE (w) ON t TO pg_read_all_stats;
-- change: grant option
GRANT DELETE ON t TO pg_read_all_stats WITH GRANT OPTION;
-- change: own privilege taken
REVOKE TRUNCATE ON t FROM pg_monitor;
-- change: execution taken
REVOKE EXECUTE ON FUNCTION f(int) FROM PUBLIC;
-- change: use of a type
GRANT USAGE ON TYPE mood TO pg_read_all_stats;
-- change: use of a schema
GRANT USAGE ON SCHEMA app TO pg_read_all_stats;
-- change: default privilege
ALTER DEFAULT PRIVILEGES IN SCHEMA app GRANT SELECT ON TABLES TO pg_read_all_stats;
-- change: default privilege taken
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
