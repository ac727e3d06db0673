-- base
-- mariadb
CREATE TABLE t (id int PRIMARY KEY, a int, b int, KEY i (a));
CREATE SEQUENCE s;
SET system_versioning_alter_history = KEEP;
-- change: invisible column
ALTER TABLE t MODIFY b int INVISIBLE;
-- change: ignored index
ALTER TABLE t ALTER INDEX i IGNORED;
-- change: increment
ALTER SEQUENCE s INCREMENT BY 5;
-- change: limits
ALTER SEQUENCE s MAXVALUE 90;
-- change: cycle
ALTER SEQUENCE s CYCLE;
-- change: cache
ALTER SEQUENCE s CACHE 7;
-- change: system versioning
ALTER TABLE t ADD SYSTEM VERSIONING;
-- change: column without versions
ALTER TABLE t MODIFY a int WITHOUT SYSTEM VERSIONING;
-- change: compressed column
ALTER TABLE t ADD COLUMN c text COMPRESSED;
-- change: index of a hash
ALTER TABLE t ADD COLUMN d text, ADD UNIQUE INDEX long_key (d);
-- change: application time
ALTER TABLE t MODIFY a int WITH SYSTEM VERSIONING;
ALTER TABLE t DROP SYSTEM VERSIONING;
ALTER TABLE t ADD COLUMN x date, ADD COLUMN y date, ADD PERIOD FOR life (x, y);
