-- rename t.by_name:by_label
-- rename t.positive:above_zero
-- from
CREATE TABLE t (id integer PRIMARY KEY, name text, CONSTRAINT positive CHECK (id > 0));
CREATE INDEX by_name ON t (name);
CREATE TABLE u (id integer PRIMARY KEY, t_id integer REFERENCES t (id) ON DELETE CASCADE);
-- rows
INSERT INTO t VALUES (1, 'x');
INSERT INTO u VALUES (1, 1);
-- to
CREATE TABLE t (id integer PRIMARY KEY, name text, CONSTRAINT above_zero CHECK (id > 0));
CREATE INDEX by_label ON t (name);
CREATE TABLE u (id integer PRIMARY KEY, t_id integer REFERENCES t (id) ON DELETE CASCADE);
-- check
SELECT name = 'x' AND (SELECT count(*) FROM u) = 1 FROM t
