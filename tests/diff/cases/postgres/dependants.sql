-- from
CREATE FUNCTION weight(v int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT v * 2';
CREATE TABLE a (id int PRIMARY KEY, b_id int, price int DEFAULT weight(3), CONSTRAINT light CHECK (weight(price) < 100));
CREATE TABLE b (id int PRIMARY KEY, a_id int REFERENCES a (id));
ALTER TABLE a ADD CONSTRAINT a_b FOREIGN KEY (b_id) REFERENCES b (id);
CREATE INDEX by_weight ON a (weight(price));
CREATE VIEW cheap AS SELECT id, price FROM a WHERE price < 10;
CREATE VIEW cheapest AS SELECT min(price) AS price FROM cheap;
CREATE MATERIALIZED VIEW totals AS SELECT b_id, sum(price) AS total FROM a GROUP BY b_id;
CREATE UNIQUE INDEX totals_b ON totals (b_id);
CREATE INDEX totals_total ON totals (total);
COMMENT ON MATERIALIZED VIEW totals IS 'sums';
COMMENT ON COLUMN totals.total IS 'of prices';
COMMENT ON VIEW cheap IS 'bargains';
CREATE TABLE parts (id int, a_id int REFERENCES a (id), CONSTRAINT parts_pkey PRIMARY KEY (id)) PARTITION BY HASH (id);
CREATE TABLE parts_0 PARTITION OF parts FOR VALUES WITH (MODULUS 2, REMAINDER 0);
CREATE TABLE parts_1 PARTITION OF parts FOR VALUES WITH (MODULUS 2, REMAINDER 1);
-- rows
INSERT INTO a VALUES (1, NULL, 5);
INSERT INTO b VALUES (1, 1);
INSERT INTO parts VALUES (1, 1), (2, 1);
-- to
CREATE FUNCTION weight(val bigint) RETURNS bigint LANGUAGE sql IMMUTABLE AS 'SELECT val * 3';
CREATE TABLE a (id bigint PRIMARY KEY, b_id bigint, price bigint DEFAULT weight(4), CONSTRAINT light CHECK (weight(price) < 200));
CREATE TABLE b (id bigint PRIMARY KEY, a_id bigint REFERENCES a (id));
ALTER TABLE a ADD CONSTRAINT a_b FOREIGN KEY (b_id) REFERENCES b (id) ON DELETE SET NULL;
CREATE INDEX by_weight ON a (weight(price));
CREATE VIEW cheap AS SELECT id, price FROM a WHERE price < 10;
CREATE VIEW cheapest AS SELECT min(price) AS price FROM cheap;
CREATE MATERIALIZED VIEW totals AS SELECT b_id, sum(price) AS total FROM a GROUP BY b_id;
CREATE UNIQUE INDEX totals_b ON totals (b_id);
CREATE INDEX totals_total ON totals (total);
COMMENT ON MATERIALIZED VIEW totals IS 'sums';
COMMENT ON COLUMN totals.total IS 'of prices';
COMMENT ON VIEW cheap IS 'bargains';
CREATE TABLE parts (id int, a_id bigint REFERENCES a (id), label text, CONSTRAINT parts_pkey PRIMARY KEY (id)) PARTITION BY HASH (id);
CREATE TABLE parts_0 PARTITION OF parts FOR VALUES WITH (MODULUS 2, REMAINDER 0);
CREATE TABLE parts_1 PARTITION OF parts FOR VALUES WITH (MODULUS 2, REMAINDER 1);
-- check
SELECT (SELECT price FROM a) = 5 AND (SELECT count(*) FROM parts) = 2 AND (SELECT a_id FROM b) = 1
