-- create table stories (2 columns)
CREATE TABLE "stories" (
  "id" integer PRIMARY KEY AUTOINCREMENT,
  "status" text NOT NULL DEFAULT 'draft' CHECK ("status" IN ('draft', 'live'))
);

-- run INSERT INTO stories (status) VALUES ('live')
INSERT INTO stories (status) VALUES ('live');

-- stories: change column status (type)
-- (by a rebuild of the table)

-- stories: change column status (type, default)
-- (by a rebuild of the table)

-- stories: change column status (type, default)
-- (by a rebuild of the table)

-- stories: add column mood
ALTER TABLE "stories" ADD COLUMN "mood" text CHECK ("mood" IN ('happy', 'sad'));

-- stories: drop column mood
ALTER TABLE "stories" DROP COLUMN "mood";

-- drop table stories
DROP TABLE "stories";

-- create table stories (2 columns)
CREATE TABLE IF NOT EXISTS "stories" (
  "id" integer PRIMARY KEY AUTOINCREMENT,
  "status" text NOT NULL DEFAULT 'draft' CHECK ("status" IN ('draft', 'live'))
);

-- create enum weather (sun, rain)
-- refused: enum weather: SQLite has no enum types; use enum_() in each table

-- enum weather: add value snow
-- refused: enum weather: SQLite has no enum types; use enum_() in each table

-- drop enum weather
-- refused: enum weather: SQLite has no enum types; use enum_() in each table

