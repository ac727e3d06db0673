-- base
-- since 18
CREATE EXTENSION btree_gist;
CREATE COLLATION quick (PROVIDER = builtin, LOCALE = 'C.UTF-8');
CREATE DOMAIN d AS int CONSTRAINT there NOT NULL;
CREATE TABLE p (id int, at daterange, PRIMARY KEY (id, at WITHOUT OVERLAPS));
CREATE TABLE t (a int CONSTRAINT a_there NOT NULL, b int, v int GENERATED ALWAYS AS (b * 2), w text COLLATE quick,
  id int, at daterange, d d, FOREIGN KEY (id, PERIOD at) REFERENCES p (id, PERIOD at), CHECK (b > 0) NOT ENFORCED);
CREATE TABLE c () INHERITS (t);
CREATE TABLE z (id int, n int NOT NULL) PARTITION BY LIST (id);
CREATE TABLE z1 PARTITION OF z FOR VALUES IN (1);
CREATE PUBLICATION pub FOR TABLE t WITH (publish_generated_columns = stored);
-- change: virtual column
ALTER TABLE t DROP COLUMN v;
ALTER TABLE t ADD COLUMN v int GENERATED ALWAYS AS (b * 3);
-- change: stored column
ALTER TABLE t DROP COLUMN v;
ALTER TABLE t ADD COLUMN v int GENERATED ALWAYS AS (b * 3) STORED;
-- change: name of NOT NULL
ALTER TABLE t RENAME CONSTRAINT a_there TO there;
-- change: NOT NULL that is not valid
ALTER TABLE t ADD CONSTRAINT b_there NOT NULL b NOT VALID;
-- change: NOT NULL that is not inherited
ALTER TABLE p ADD COLUMN lonely int;
ALTER TABLE p ADD CONSTRAINT lonely_there NOT NULL lonely NO INHERIT;
-- change: comment on NOT NULL
COMMENT ON CONSTRAINT there ON t IS 'must';
-- change: check that is enforced
ALTER TABLE t DROP CONSTRAINT t_b_check;
ALTER TABLE t ADD CONSTRAINT t_b_check CHECK (b > 0);
-- change: foreign key that is not enforced
ALTER TABLE t ADD CONSTRAINT f FOREIGN KEY (id, PERIOD at) REFERENCES p (id, PERIOD at) NOT ENFORCED;
-- change: temporal unique key
ALTER TABLE t ADD CONSTRAINT u UNIQUE (id, at WITHOUT OVERLAPS);
-- change: unique key without time
ALTER TABLE t DROP CONSTRAINT u;
ALTER TABLE t ADD CONSTRAINT u UNIQUE (id, at);
-- change: name of the NOT NULL of a domain
ALTER DOMAIN d RENAME CONSTRAINT there TO here;
-- change: what a publication makes of generated columns
ALTER PUBLICATION pub SET (publish_generated_columns = none);
