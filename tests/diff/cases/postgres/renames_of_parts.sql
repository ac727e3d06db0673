-- rename t.by_name:by_label
-- rename t.positive:above_zero
-- rename t.t_pkey:t_key
-- rename t.only_one:unique_name
-- rename u.owner:owned_by
-- rename mood:feeling
-- rename mood.sad:unhappy
-- from
CREATE TYPE mood AS ENUM ('sad', 'it''s ok', 'glad');
CREATE TABLE t (id int PRIMARY KEY, name text, m mood NOT NULL DEFAULT 'sad', ms mood[], CONSTRAINT positive CHECK (id > 0), CONSTRAINT only_one UNIQUE (name));
CREATE INDEX by_name ON t (name);
CREATE INDEX of_the_sad ON t (id) WHERE m = 'sad';
CREATE TABLE u (id int PRIMARY KEY, t_id int, CONSTRAINT owner FOREIGN KEY (t_id) REFERENCES t (id));
CREATE VIEW sad_ones AS SELECT id FROM t WHERE m = 'sad';
-- rows
INSERT INTO t VALUES (1, 'x', 'sad', '{sad,glad}');
INSERT INTO u VALUES (1, 1);
-- to
CREATE TYPE feeling AS ENUM ('unhappy', 'it''s ok', 'glad');
CREATE TABLE t (id int, name text, m feeling NOT NULL DEFAULT 'unhappy', ms feeling[], CONSTRAINT t_key PRIMARY KEY (id), CONSTRAINT above_zero CHECK (id > 0), CONSTRAINT unique_name UNIQUE (name));
CREATE INDEX by_label ON t (name);
CREATE INDEX of_the_sad ON t (id) WHERE m = 'unhappy';
CREATE TABLE u (id int PRIMARY KEY, t_id int, CONSTRAINT owned_by FOREIGN KEY (t_id) REFERENCES t (id));
CREATE VIEW sad_ones AS SELECT id FROM t WHERE m = 'unhappy';
-- steps
t: rename index by_name to by_label
t: rename constraint positive to above_zero
t: rename constraint t_pkey to t_key
t: rename constraint only_one to unique_name
u: rename constraint owner to owned_by
enum mood: rename value sad to unhappy
rename enum mood to feeling
-- check
SELECT m = 'unhappy' AND ms = '{unhappy,glad}' FROM t
-- one way
