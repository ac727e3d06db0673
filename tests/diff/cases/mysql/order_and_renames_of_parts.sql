-- rename t.by_name:by_label
-- rename t.only_one:unique_name
-- rename u.owner:owned_by
-- from
CREATE TABLE t (id int PRIMARY KEY, name varchar(20), kind enum('a', 'b', 'c') NOT NULL DEFAULT 'a', note text, UNIQUE KEY only_one (name, id), KEY by_name (name));
CREATE TABLE u (id int PRIMARY KEY, t_id int, CONSTRAINT owner FOREIGN KEY (t_id) REFERENCES t (id));
-- rows
INSERT INTO t VALUES (1, 'x', 'b', 'n');
INSERT INTO u VALUES (1, 1);
-- to
CREATE TABLE t (kind enum('c', 'b', 'z') NOT NULL DEFAULT 'z', id int PRIMARY KEY, note mediumtext, added int, name varchar(20), UNIQUE KEY unique_name (name, id), KEY by_label (name));
CREATE TABLE u (id int PRIMARY KEY, t_id int, CONSTRAINT owned_by FOREIGN KEY (t_id) REFERENCES t (id));
-- check
SELECT name = 'x' AND kind = 'b' AND note = 'n' FROM t
