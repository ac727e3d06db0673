-- from
CREATE TYPE mood AS ENUM ('sad', 'fine', 'gone', 'glad');
CREATE TYPE size AS ENUM ('s', 'm', 'l');
CREATE FUNCTION is_good(m mood) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$ SELECT m = 'glad' $$;
CREATE TABLE t (id int PRIMARY KEY, m mood NOT NULL DEFAULT 'fine', ms mood[] DEFAULT '{sad}', s size, note text DEFAULT ('sad'::mood)::text, CONSTRAINT no_sad CHECK (m <> 'sad'), CONSTRAINT good CHECK (id > 5 OR is_good(m)));
CREATE INDEX t_m ON t (m);
CREATE INDEX t_good ON t (id) WHERE m = 'glad';
CREATE INDEX t_is_good ON t (is_good(m));
CREATE TABLE kinds (m mood PRIMARY KEY, label text);
CREATE TABLE uses (id int PRIMARY KEY, m mood REFERENCES kinds (m));
CREATE VIEW good AS SELECT id, m FROM t WHERE m = 'glad';
CREATE VIEW better AS SELECT * FROM good;
CREATE MATERIALIZED VIEW per_mood AS SELECT m, count(*) AS n FROM t GROUP BY m;
CREATE UNIQUE INDEX per_mood_m ON per_mood (m);
COMMENT ON TYPE mood IS 'how they are';
COMMENT ON VIEW good IS 'the good ones';
-- rows
INSERT INTO t VALUES (6, 'glad', '{sad,fine}', 'm');
INSERT INTO kinds VALUES ('sad', 'x'), ('glad', 'y');
INSERT INTO uses VALUES (1, 'glad');
-- to
CREATE TYPE mood AS ENUM ('glad', 'sad', 'fine', 'great');
CREATE TYPE size AS ENUM ('xs', 's', 'm', 'l', 'xl');
CREATE FUNCTION is_good(m mood) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$ SELECT m = 'glad' $$;
CREATE TABLE t (id int PRIMARY KEY, m mood NOT NULL DEFAULT 'great', ms mood[] DEFAULT '{sad}', s size DEFAULT 'xl', note text DEFAULT ('sad'::mood)::text, CONSTRAINT no_sad CHECK (m <> 'sad'), CONSTRAINT good CHECK (id > 5 OR is_good(m)));
CREATE INDEX t_m ON t (m);
CREATE INDEX t_good ON t (id) WHERE m = 'glad';
CREATE INDEX t_is_good ON t (is_good(m));
CREATE TABLE kinds (m mood PRIMARY KEY, label text);
CREATE TABLE uses (id int PRIMARY KEY, m mood REFERENCES kinds (m));
CREATE VIEW good AS SELECT id, m FROM t WHERE m = 'glad';
CREATE VIEW better AS SELECT * FROM good;
CREATE MATERIALIZED VIEW per_mood AS SELECT m, count(*) AS n FROM t GROUP BY m;
CREATE UNIQUE INDEX per_mood_m ON per_mood (m);
COMMENT ON TYPE mood IS 'how they feel';
COMMENT ON VIEW good IS 'the good ones';
-- check
SELECT m = 'glad' AND ms = '{sad,fine}' AND s = 'm' AND (SELECT count(*) FROM kinds) = 2 AND (SELECT m FROM uses) = 'glad' FROM t
