-- from
CREATE TYPE mood AS ENUM ('sad', 'ok', 'glad');
CREATE TABLE t (
  id int PRIMARY KEY, a integer NOT NULL, b varchar(20), "Odd name" smallint, m mood,
  twice integer GENERATED ALWAYS AS (a * 2) STORED, shout text GENERATED ALWAYS AS (upper(b)) STORED,
  odd integer GENERATED ALWAYS AS ("Odd name" + 1) STORED, said text GENERATED ALWAYS AS (CASE m WHEN 'sad' THEN 'no' ELSE 'yes' END) STORED,
  CONSTRAINT even CHECK (twice % 2 = 0));
CREATE INDEX t_twice ON t (twice);
CREATE INDEX t_shout ON t (shout) WHERE a > 0;
CREATE VIEW doubles AS SELECT id, twice FROM t;
-- rows
INSERT INTO t (id, a, b, "Odd name", m) VALUES (1, 21, 'x', 4, 'glad');
-- to
CREATE TYPE mood AS ENUM ('glad', 'sad');
CREATE TABLE t (
  id int PRIMARY KEY, a bigint NOT NULL, b text, "Odd name" integer, m mood,
  twice integer GENERATED ALWAYS AS (a * 2) STORED, shout text GENERATED ALWAYS AS (upper(b)) STORED,
  odd integer GENERATED ALWAYS AS ("Odd name" + 1) STORED, said text GENERATED ALWAYS AS (CASE m WHEN 'sad' THEN 'no' ELSE 'yes' END) STORED,
  thrice bigint GENERATED ALWAYS AS (a * 3) STORED, CONSTRAINT even CHECK (twice % 2 = 0));
CREATE INDEX t_twice ON t (twice);
CREATE INDEX t_shout ON t (shout) WHERE a > 0;
CREATE VIEW doubles AS SELECT id, twice FROM t;
-- check
SELECT a = 21 AND twice = 42 AND shout = 'X' AND odd = 5 AND said = 'yes' FROM t
