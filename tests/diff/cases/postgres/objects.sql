-- one way
-- from
CREATE TYPE mood AS ENUM ('sad', 'glad');
CREATE FUNCTION twice(i int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT i * 2';
CREATE TABLE t (id int PRIMARY KEY, m mood, d int DEFAULT twice(4));
CREATE MATERIALIZED VIEW totals AS SELECT m, count(*) AS n FROM t GROUP BY m;
CREATE UNIQUE INDEX totals_m ON totals (m);
-- rows
INSERT INTO t VALUES (1, 'glad', 5);
-- to
CREATE TYPE mood AS ENUM ('sad', 'fine', 'glad', 'great');
CREATE FUNCTION twice(i int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT i + i';
CREATE FUNCTION stamp() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.d := 1; RETURN NEW; END $$;
CREATE SEQUENCE numbers START 10;
CREATE TABLE t (id int PRIMARY KEY, m mood, d bigint DEFAULT twice(4), n bigint DEFAULT nextval('numbers'));
CREATE TRIGGER stamp BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION stamp();
CREATE MATERIALIZED VIEW totals AS SELECT m, count(*) AS n, max(d) AS most FROM t GROUP BY m;
CREATE UNIQUE INDEX totals_m ON totals (m);
CREATE DOMAIN positive AS int CHECK (VALUE > 0);
CREATE TABLE measured (id int PRIMARY KEY, v positive NOT NULL);
-- check
SELECT m = 'glad' AND d = 5 FROM t
