-- base
CREATE SEQUENCE s;
CREATE TABLE t (id int);
-- change: increment
ALTER SEQUENCE s INCREMENT BY 3;
-- change: start
ALTER SEQUENCE s START WITH 9;
-- change: limits
ALTER SEQUENCE s MINVALUE 2 MAXVALUE 90 RESTART WITH 9;
-- change: cache
ALTER SEQUENCE s CACHE 4;
-- change: cycle
ALTER SEQUENCE s CYCLE;
-- change: type
ALTER SEQUENCE s AS smallint;
-- change: owner column
ALTER SEQUENCE s OWNED BY t.id;
-- change: default that counts
ALTER TABLE t ALTER id SET DEFAULT nextval('s');
-- change: unlogged
-- since 15
ALTER SEQUENCE s SET UNLOGGED;
-- change: comment
COMMENT ON SEQUENCE s IS 'counts';
