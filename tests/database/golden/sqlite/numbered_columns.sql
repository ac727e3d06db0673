-- create table plain (1 column)
CREATE TABLE "plain" (
  "id" integer PRIMARY KEY AUTOINCREMENT
);

-- create table big (1 column)
CREATE TABLE "big" (
  "id" integer PRIMARY KEY AUTOINCREMENT
);

-- create table always (1 column)
-- refused: always.id: SQLite numbers rows by default only; use .auto_increment()

-- create table elsewhere (2 columns)
-- refused: elsewhere.id: SQLite numbers rows only in a column that is the whole primary key; make it so, or use integer() and set the numbers yourself

-- create table keyless (1 column)
CREATE TABLE "keyless" (
  "a" integer NOT NULL
);

-- keyless: add column n
ALTER TABLE "keyless" ADD COLUMN "n" integer NOT NULL DEFAULT 1;

