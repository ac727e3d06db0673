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

-- create table tasks (2 columns)
CREATE TABLE "tasks" (
  "id" integer PRIMARY KEY AUTOINCREMENT,
  "phase" text NOT NULL CHECK ("phase" IN ('open', 'done'))
);

-- create table bugs (2 columns)
CREATE TABLE "bugs" (
  "id" integer PRIMARY KEY AUTOINCREMENT,
  "phase" text NOT NULL CHECK ("phase" IN ('open', 'done'))
);

-- drop table tasks
DROP TABLE "tasks";

-- drop table bugs
DROP TABLE "bugs";

-- create enum weather (sun, rain)
-- refused: enum weather: SQLite has no enum types; use enum_() in each table

-- enum weather: add value snow
-- refused: enum weather: SQLite has no enum types; use enum_() in each table

-- drop enum weather
-- refused: enum weather: SQLite has no enum types; use enum_() in each table

