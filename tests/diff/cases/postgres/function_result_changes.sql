-- from
CREATE FUNCTION shape(v int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT v';
CREATE TABLE t (id int PRIMARY KEY, n int DEFAULT shape(1), twice int GENERATED ALWAYS AS (shape(id) * 2) STORED, CONSTRAINT c CHECK (shape(id) > 0));
CREATE INDEX by_shape ON t (shape(n));
CREATE INDEX by_twice ON t (twice);
CREATE VIEW v AS SELECT shape(id) AS s, twice FROM t;
-- rows
INSERT INTO t VALUES (1, 2);
-- to
CREATE FUNCTION shape(v int) RETURNS bigint LANGUAGE sql IMMUTABLE AS 'SELECT v::bigint + 0';
CREATE TABLE t (id int PRIMARY KEY, n int DEFAULT shape(1), twice int GENERATED ALWAYS AS (shape(id) * 2) STORED, CONSTRAINT c CHECK (shape(id) > 0));
CREATE INDEX by_shape ON t (shape(n));
CREATE INDEX by_twice ON t (twice);
CREATE VIEW v AS SELECT shape(id) AS s, twice FROM t;
-- check
SELECT n = 2 AND twice = 2 FROM t
