-- from
CREATE DOMAIN code AS integer DEFAULT 7 CONSTRAINT positive CHECK (VALUE > 0);
CREATE DOMAIN strict_code AS code CONSTRAINT small CHECK (VALUE < 1000);
CREATE DOMAIN word AS varchar(20);
CREATE TABLE parents (id code PRIMARY KEY);
CREATE TABLE items (
  id int PRIMARY KEY, parent code REFERENCES parents, strict strict_code NOT NULL DEFAULT 12::code, codes code[] DEFAULT '{1,2}'::code[],
  amount word, twice integer GENERATED ALWAYS AS (strict * 2) STORED,
  CONSTRAINT known CHECK (strict <> 13::code));
CREATE INDEX items_codes ON items (strict) WHERE strict > 5::code;
CREATE INDEX items_amount ON items (amount);
CREATE VIEW item_codes AS SELECT id, strict, codes FROM items;
CREATE FUNCTION next_code(c code) RETURNS code LANGUAGE sql IMMUTABLE AS 'SELECT (c + 1)::code';
-- rows
INSERT INTO parents VALUES (3);
INSERT INTO items (id, parent, strict, codes, amount) VALUES (1, 3, 42, '{5,6}', '250');
-- to
CREATE DOMAIN code AS bigint DEFAULT 8 CONSTRAINT positive CHECK (VALUE > 0);
CREATE DOMAIN strict_code AS code CONSTRAINT small CHECK (VALUE < 1000);
CREATE DOMAIN word AS integer CONSTRAINT even CHECK (VALUE % 2 = 0);
CREATE TABLE parents (id code PRIMARY KEY);
CREATE TABLE items (
  id int PRIMARY KEY, parent code REFERENCES parents, strict strict_code NOT NULL DEFAULT 12::code, codes code[] DEFAULT '{1,2}'::code[],
  amount word, twice integer GENERATED ALWAYS AS (strict * 2) STORED,
  CONSTRAINT known CHECK (strict <> 13::code));
CREATE INDEX items_codes ON items (strict) WHERE strict > 5::code;
CREATE INDEX items_amount ON items (amount);
CREATE VIEW item_codes AS SELECT id, strict, codes FROM items;
CREATE FUNCTION next_code(c code) RETURNS code LANGUAGE sql IMMUTABLE AS 'SELECT (c + 1)::code';
-- check
SELECT parent = 3 AND strict = 42 AND codes::bigint[] = '{5,6}'::bigint[] AND amount::text = '250' AND twice = 84 FROM items
