-- base
CREATE EXTENSION btree_gist;
CREATE TABLE p (a int, b int, c int, PRIMARY KEY (a, b), UNIQUE (b));
CREATE TABLE t (id int, x int, y int, r int4range, CONSTRAINT t_check CHECK (x > 0), CONSTRAINT f FOREIGN KEY (x, y) REFERENCES p (a, b));
-- change: primary key
ALTER TABLE t ADD CONSTRAINT t_key PRIMARY KEY (id);
-- change: its name
ALTER TABLE t RENAME CONSTRAINT t_key TO key_of_t;
-- change: deferrable primary key
ALTER TABLE t DROP CONSTRAINT key_of_t;
ALTER TABLE t ADD CONSTRAINT key_of_t PRIMARY KEY (id) DEFERRABLE INITIALLY DEFERRED;
-- change: columns it includes
ALTER TABLE t DROP CONSTRAINT key_of_t;
ALTER TABLE t ADD CONSTRAINT key_of_t PRIMARY KEY (id) INCLUDE (x) WITH (fillfactor = 70);
-- change: comment on a constraint
COMMENT ON CONSTRAINT key_of_t ON t IS 'why';
-- change: comment on the index of a constraint
COMMENT ON INDEX key_of_t IS 'fast';
-- change: unique
ALTER TABLE t ADD CONSTRAINT u UNIQUE (x, y);
-- change: order of its columns
ALTER TABLE t DROP CONSTRAINT u;
ALTER TABLE t ADD CONSTRAINT u UNIQUE (y, x);
-- change: deferrable
ALTER TABLE t DROP CONSTRAINT u;
ALTER TABLE t ADD CONSTRAINT u UNIQUE (y, x) DEFERRABLE;
-- change: deferred
ALTER TABLE t DROP CONSTRAINT u;
ALTER TABLE t ADD CONSTRAINT u UNIQUE (y, x) DEFERRABLE INITIALLY DEFERRED;
-- change: null is a value
-- since 15
ALTER TABLE t DROP CONSTRAINT u;
ALTER TABLE t ADD CONSTRAINT u UNIQUE NULLS NOT DISTINCT (y, x);
-- change: a key that the table is clustered on
ALTER TABLE t CLUSTER ON u;
-- change: check
ALTER TABLE t DROP CONSTRAINT t_check;
ALTER TABLE t ADD CONSTRAINT t_check CHECK (x > 1);
-- change: check that is not valid
ALTER TABLE t DROP CONSTRAINT t_check;
ALTER TABLE t ADD CONSTRAINT t_check CHECK (x > 1) NOT VALID;
-- change: check that is not inherited
ALTER TABLE t DROP CONSTRAINT t_check;
ALTER TABLE t ADD CONSTRAINT t_check CHECK (x > 1) NO INHERIT;
-- change: action of a foreign key
ALTER TABLE t DROP CONSTRAINT f;
ALTER TABLE t ADD CONSTRAINT f FOREIGN KEY (x, y) REFERENCES p (a, b) ON DELETE CASCADE;
-- change: other action
ALTER TABLE t DROP CONSTRAINT f;
ALTER TABLE t ADD CONSTRAINT f FOREIGN KEY (x, y) REFERENCES p (a, b) ON DELETE CASCADE ON UPDATE RESTRICT;
-- change: match
ALTER TABLE t DROP CONSTRAINT f;
ALTER TABLE t ADD CONSTRAINT f FOREIGN KEY (x, y) REFERENCES p (a, b) MATCH FULL;
-- change: deferrable foreign key
ALTER TABLE t ALTER CONSTRAINT f DEFERRABLE;
-- change: deferred foreign key
ALTER TABLE t ALTER CONSTRAINT f DEFERRABLE INITIALLY DEFERRED;
-- change: foreign key that is not valid
ALTER TABLE t DROP CONSTRAINT f;
ALTER TABLE t ADD CONSTRAINT f FOREIGN KEY (x, y) REFERENCES p (a, b) NOT VALID;
-- change: what it refers to
ALTER TABLE t DROP CONSTRAINT f;
ALTER TABLE t ADD CONSTRAINT f FOREIGN KEY (x) REFERENCES p (b);
-- change: SET NULL of some columns
-- since 15
ALTER TABLE t DROP CONSTRAINT f;
ALTER TABLE t ADD CONSTRAINT f FOREIGN KEY (x, y) REFERENCES p (a, b) ON DELETE SET NULL (y);
-- change: exclusion
ALTER TABLE t ADD CONSTRAINT e EXCLUDE USING gist (x WITH =, r WITH &&);
-- change: operator of an exclusion
ALTER TABLE t DROP CONSTRAINT e;
ALTER TABLE t ADD CONSTRAINT e EXCLUDE USING gist (x WITH <>, r WITH &&);
-- change: condition of an exclusion
ALTER TABLE t DROP CONSTRAINT e;
ALTER TABLE t ADD CONSTRAINT e EXCLUDE USING gist (x WITH <>, r WITH &&) WHERE (y > 0) DEFERRABLE;
