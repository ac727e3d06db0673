-- base
CREATE FOREIGN DATA WRAPPER w OPTIONS (debug 'true');
CREATE SERVER far TYPE 'x' VERSION '1' FOREIGN DATA WRAPPER w OPTIONS (host 'it''s');
CREATE FOREIGN TABLE ft (id int NOT NULL, w text) SERVER far OPTIONS (a 'b');
-- change: option of a wrapper
ALTER FOREIGN DATA WRAPPER w OPTIONS (SET debug 'false');
-- change: option of a server
ALTER SERVER far OPTIONS (ADD port '1');
-- change: version of a server
ALTER SERVER far VERSION '2';
-- change: option of a foreign table
ALTER FOREIGN TABLE ft OPTIONS (SET a 'c');
-- change: column of a foreign table
ALTER FOREIGN TABLE ft ADD COLUMN n int DEFAULT 4;
-- change: option of a column
ALTER FOREIGN TABLE ft ALTER w OPTIONS (ADD column_name 'W');
-- change: check of a foreign table
ALTER FOREIGN TABLE ft ADD CONSTRAINT pos CHECK (id > 0);
-- change: comment on a foreign table
COMMENT ON FOREIGN TABLE ft IS 'away';
-- change: comment on a column
COMMENT ON COLUMN ft.w IS 'word';
-- change: comment on a server
COMMENT ON SERVER far IS 'far';
-- change: comment on a wrapper
COMMENT ON FOREIGN DATA WRAPPER w IS 'wraps';
-- change: owner of a server
ALTER SERVER far OWNER TO pg_monitor;
