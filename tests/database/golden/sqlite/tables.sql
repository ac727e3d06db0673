-- create table notes (2 columns)
CREATE TABLE "notes" (
  "id" integer PRIMARY KEY AUTOINCREMENT,
  "body" text NOT NULL
);
CREATE INDEX "notes_id" ON "notes" ("id");

-- create table notes (2 columns)
CREATE TABLE IF NOT EXISTS "notes" (
  "id" integer PRIMARY KEY AUTOINCREMENT,
  "body" text NOT NULL
);
CREATE INDEX IF NOT EXISTS "notes_id" ON "notes" ("id");

-- notes: set the comment

-- notes: remove the comment

-- create table engine (1 column)
-- refused: engine: SQLite has no storage engines; leave out .engine()

-- create table charset (1 column)
-- refused: charset: SQLite has no character set or collation of a table; give the columns a .collate()

-- create table row_format (1 column)
-- refused: row_format: SQLite has no such table option; leave it out

-- create table without_rowid (1 column)
CREATE TABLE "without_rowid" (
  "k" text NOT NULL,
  PRIMARY KEY ("k")
) WITHOUT ROWID;

-- create table scratch (1 column)
CREATE TEMPORARY TABLE "scratch" (
  "id" integer PRIMARY KEY AUTOINCREMENT
);

-- create table xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx (2 columns)
CREATE TABLE "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx" (
  "id" integer PRIMARY KEY AUTOINCREMENT,
  "second_column" integer NOT NULL
);
CREATE INDEX "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx_24ea3a0e" ON "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx" ("second_column");

-- create table app.users (1 column)
CREATE TABLE "app"."users" (
  "id" integer PRIMARY KEY AUTOINCREMENT,
  CONSTRAINT "users_id_foreign" FOREIGN KEY ("id") REFERENCES "people" ("id")
);
CREATE INDEX "app"."users_id_index" ON "users" ("id");

-- app.users: add index again, drop index again
CREATE INDEX "app"."again" ON "users" ("id");
DROP INDEX "app"."again";

-- rename table app.users to members
ALTER TABLE "app"."users" RENAME TO "members";

-- notes: set engine = InnoDB
-- refused: notes: SQLite has no storage engines; leave out .engine()

-- notes: set charset = utf8mb4
-- refused: notes: SQLite has no character set or collation of a table; give the columns a .collate()

-- notes: set page_size = 1
-- refused: notes: SQLite has no such table option; leave it out

-- rename table notes to remarks
ALTER TABLE "notes" RENAME TO "remarks";

-- drop table remarks
DROP TABLE "remarks";

-- drop table remarks
DROP TABLE IF EXISTS "remarks";

-- drop table without_rowid
-- refused: without_rowid: SQLite has no CASCADE here; drop what depends on it first

