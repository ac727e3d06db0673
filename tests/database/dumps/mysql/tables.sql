-- base
CREATE TABLE t (id int PRIMARY KEY AUTO_INCREMENT, a int, b varchar(20), c datetime);
-- change: comment
ALTER TABLE t COMMENT 'it''s a table';
-- change: row format
ALTER TABLE t ROW_FORMAT = COMPRESSED;
-- change: collation
ALTER TABLE t COLLATE utf8mb4_bin;
-- change: engine
ALTER TABLE t ROW_FORMAT = DEFAULT, ENGINE = MyISAM;
-- change: type
ALTER TABLE t MODIFY b varchar(30);
-- change: character set of a column
ALTER TABLE t MODIFY b varchar(30) CHARACTER SET latin1;
-- change: collation of a column
ALTER TABLE t MODIFY b varchar(30) CHARACTER SET latin1 COLLATE latin1_bin;
-- change: not null
ALTER TABLE t MODIFY a int NOT NULL;
-- change: unsigned
ALTER TABLE t MODIFY a int unsigned NOT NULL;
-- change: default
ALTER TABLE t MODIFY a int unsigned NOT NULL DEFAULT 4;
-- change: default by expression
-- since 8.0.13
ALTER TABLE t MODIFY b varchar(30) DEFAULT (concat('a', 'b'));
-- change: now
ALTER TABLE t MODIFY c datetime DEFAULT CURRENT_TIMESTAMP;
-- change: on update
ALTER TABLE t MODIFY c datetime DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP;
-- change: precision
ALTER TABLE t MODIFY c datetime(3);
-- change: generated column
ALTER TABLE t ADD COLUMN g int GENERATED ALWAYS AS (a * 2) VIRTUAL;
-- change: stored column
ALTER TABLE t DROP COLUMN g, ADD COLUMN g int GENERATED ALWAYS AS (a * 2) STORED;
-- change: enum
ALTER TABLE t ADD COLUMN e enum('x', 'y');
-- change: values of an enum
ALTER TABLE t MODIFY e enum('x', 'y', 'it''s');
-- change: set
ALTER TABLE t ADD COLUMN s set('x', 'y');
-- change: comment on a column
ALTER TABLE t MODIFY a int unsigned NOT NULL DEFAULT 4 COMMENT 'four';
-- change: spatial column
ALTER TABLE t ADD COLUMN p point NOT NULL;
