-- base
CREATE SCHEMA app;
CREATE EXTENSION citext;
CREATE TABLE app.t (w citext);
-- change: schema
CREATE SCHEMA "An other";
-- change: comment on a schema
COMMENT ON SCHEMA app IS 'the app';
-- change: comment on the default schema
COMMENT ON SCHEMA public IS 'all of us';
-- change: owner of a schema
ALTER SCHEMA app OWNER TO pg_monitor;
-- change: extension
CREATE EXTENSION pg_trgm WITH SCHEMA app;
-- change: schema of an extension
DROP EXTENSION pg_trgm;
CREATE EXTENSION pg_trgm WITH SCHEMA "An other";
-- change: comment on an extension
COMMENT ON EXTENSION pg_trgm IS 'three';
-- change: a table of another schema
CREATE TABLE "An other".t (id int PRIMARY KEY);
