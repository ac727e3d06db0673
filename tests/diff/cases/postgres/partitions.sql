-- from
CREATE TABLE sites (id int PRIMARY KEY);
CREATE TABLE m (id int, day date NOT NULL, v int, gone text, site int, CONSTRAINT m_site FOREIGN KEY (site) REFERENCES sites (id), CONSTRAINT v_small CHECK (v < 1000)) PARTITION BY RANGE (day);
CREATE TABLE m_1 PARTITION OF m FOR VALUES FROM ('2026-01-01') TO ('2026-02-01');
CREATE TABLE m_2 PARTITION OF m FOR VALUES FROM ('2026-02-01') TO ('2026-03-01');
CREATE TABLE m_3 PARTITION OF m FOR VALUES FROM ('2026-03-01') TO ('2026-04-01');
CREATE TABLE m_4 (id int, day date NOT NULL, v bigint, site int, CONSTRAINT v_small CHECK (v < 2000));
CREATE INDEX m_v ON m (v);
CREATE VIEW latest AS SELECT id, v FROM m;
-- rows
INSERT INTO sites VALUES (1);
INSERT INTO m VALUES (1, '2026-01-05', 10, 'x', 1), (2, '2026-02-05', 20, 'x', 1), (3, '2026-03-05', 30, 'x', 1);
INSERT INTO m_4 VALUES (4, '2026-05-05', 40, 1);
-- to
CREATE TABLE sites (id int PRIMARY KEY);
CREATE TABLE m (id int, day date NOT NULL, v bigint, site int, extra text DEFAULT 'e', CONSTRAINT m_pkey PRIMARY KEY (id, day), CONSTRAINT m_site FOREIGN KEY (site) REFERENCES sites (id) ON DELETE CASCADE, CONSTRAINT v_small CHECK (v < 2000)) PARTITION BY RANGE (day);
CREATE TABLE m_1 PARTITION OF m FOR VALUES FROM ('2026-01-01') TO ('2026-02-01');
CREATE TABLE m_2 PARTITION OF m FOR VALUES FROM ('2026-02-01') TO ('2026-03-03');
CREATE TABLE m_3 (id int, day date NOT NULL, v int, site int);
CREATE TABLE m_4 (id int NOT NULL, day date NOT NULL, v bigint, site int, extra text DEFAULT 'e', CONSTRAINT v_small CHECK (v < 2000));
ALTER TABLE m ATTACH PARTITION m_4 FOR VALUES FROM ('2026-05-01') TO ('2026-06-01');
CREATE TABLE m_5 PARTITION OF m FOR VALUES FROM ('2026-07-01') TO ('2026-08-01');
CREATE INDEX m_site_v ON m (site, v);
CREATE VIEW latest AS SELECT id, v FROM m;
-- check
SELECT (SELECT string_agg(id || ':' || v, ',' ORDER BY id) FROM m) = '1:10,2:20,4:40' AND (SELECT v FROM m_3) = 30
