-- create table people (1 column)
CREATE TABLE "people" (
  "id" integer PRIMARY KEY AUTOINCREMENT
);

-- create view everyone
CREATE VIEW everyone AS SELECT id FROM people;

-- create or replace view everyone
DROP VIEW IF EXISTS "everyone";
CREATE VIEW everyone AS SELECT id FROM people;

-- drop view everyone
DROP VIEW "everyone";

-- drop view everyone
-- refused: view everyone: SQLite has no CASCADE here; drop what depends on it first

-- create or replace trigger people_touch
DROP TRIGGER IF EXISTS "people_touch";
CREATE TRIGGER people_touch AFTER INSERT ON people BEGIN SELECT 1; END;

-- drop trigger people_touch
DROP TRIGGER "people_touch";

-- drop trigger people_touch
DROP TRIGGER IF EXISTS "people_touch";

-- create type place (2 fields)
-- refused: type place: SQLite has no structured types; use json() or one column for each field

-- type place: add field city, rename field zip to code
-- refused: type place: SQLite has no structured types; use json() or one column for each field

-- drop type place
-- refused: type place: SQLite has no structured types; use json() or one column for each field

-- drop type place
-- refused: type place: SQLite has no structured types; use json() or one column for each field

-- run DELETE FROM people
DELETE FROM people;

