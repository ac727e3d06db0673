-- base
CREATE TABLE keys (id int PRIMARY KEY);
CREATE TABLE z (id int, at date NOT NULL, n int CHECK (n > 0), k int REFERENCES keys, PRIMARY KEY (id, at)) PARTITION BY RANGE (at);
CREATE INDEX z_n ON z (n);
CREATE TABLE a PARTITION OF z FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
CREATE TABLE b PARTITION OF z FOR VALUES FROM ('2025-01-01') TO ('2026-01-01') PARTITION BY LIST (at);
CREATE TABLE h (k text, n int) PARTITION BY HASH (lower(k), n);
CREATE TABLE h0 PARTITION OF h FOR VALUES WITH (MODULUS 2, REMAINDER 0);
CREATE TABLE h1 PARTITION OF h FOR VALUES WITH (MODULUS 2, REMAINDER 1);
-- change: a partition
CREATE TABLE c PARTITION OF z DEFAULT;
-- change: bounds
ALTER TABLE z DETACH PARTITION a;
ALTER TABLE z ATTACH PARTITION a FOR VALUES FROM ('2023-01-01') TO ('2025-01-01');
-- change: a partition of its own
ALTER TABLE z DETACH PARTITION a;
-- change: a partition of a partition
CREATE TABLE b1 PARTITION OF b FOR VALUES IN ('2025-02-03');
-- change: a default of one partition
ALTER TABLE b1 ALTER n SET DEFAULT 4;
-- change: an index of one partition
CREATE INDEX c_id ON c (id);
-- change: parameters of a partition
ALTER TABLE h1 SET (fillfactor = 80);
