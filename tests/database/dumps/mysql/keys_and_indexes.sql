-- base
CREATE TABLE p (id int PRIMARY KEY, n int, UNIQUE KEY (n));
CREATE TABLE t (id int PRIMARY KEY, a int, b varchar(200), c text, g geometry NOT NULL, p_id int, KEY i (a), CONSTRAINT f FOREIGN KEY (p_id) REFERENCES p (id));
-- change: columns of an index
ALTER TABLE t DROP INDEX i, ADD INDEX i (a, b);
-- change: prefix
ALTER TABLE t DROP INDEX i, ADD INDEX i (a, b (10));
-- change: direction
-- since 8
ALTER TABLE t DROP INDEX i, ADD INDEX i (a DESC, b (10));
-- change: unique
ALTER TABLE t DROP INDEX i, ADD UNIQUE INDEX i (a);
-- change: name
ALTER TABLE t DROP INDEX i, ADD UNIQUE INDEX j (a);
-- change: comment
ALTER TABLE t DROP INDEX j, ADD UNIQUE INDEX j (a) COMMENT 'fast';
-- change: full text
ALTER TABLE t ADD FULLTEXT INDEX words (b, c);
-- change: spatial
ALTER TABLE t ADD SPATIAL INDEX places (g);
-- change: primary key
ALTER TABLE t DROP PRIMARY KEY, ADD PRIMARY KEY (id, a);
-- change: action of a foreign key
ALTER TABLE t DROP FOREIGN KEY f;
ALTER TABLE t ADD CONSTRAINT f FOREIGN KEY (p_id) REFERENCES p (id) ON DELETE CASCADE;
-- change: other action
ALTER TABLE t DROP FOREIGN KEY f;
ALTER TABLE t ADD CONSTRAINT f FOREIGN KEY (p_id) REFERENCES p (id) ON DELETE CASCADE ON UPDATE SET NULL;
-- change: what it refers to
ALTER TABLE t DROP FOREIGN KEY f;
ALTER TABLE t ADD CONSTRAINT f FOREIGN KEY (p_id) REFERENCES p (n);
-- change: check
-- since 8.0.16
ALTER TABLE t ADD CONSTRAINT positive CHECK (a > 0);
-- change: expression of a check
-- since 8.0.19
ALTER TABLE t DROP CONSTRAINT positive, ADD CONSTRAINT positive CHECK (a > 1);
