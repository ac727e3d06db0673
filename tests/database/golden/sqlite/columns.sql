-- create table articles (3 columns)
CREATE TABLE "articles" (
  "id" integer PRIMARY KEY AUTOINCREMENT,
  "title" varchar(100) NOT NULL,
  "base" integer NOT NULL DEFAULT 1
);

-- articles: add column slug, add column views, add column seen_at
-- (by a rebuild of the table)

-- run INSERT INTO articles (title, slug) VALUES ('12', 'x')
INSERT INTO articles (title, slug) VALUES ('12', 'x');

-- articles: add column twice
ALTER TABLE "articles" ADD COLUMN "twice" integer GENERATED ALWAYS AS (base * 2) VIRTUAL;

-- articles: add column thrice
-- (by a rebuild of the table)

-- articles: change column title (type, nullability)
-- (by a rebuild of the table)

-- articles: change column title (default)
-- (by a rebuild of the table)

-- articles: change column title (type, default)
-- refused: articles.title: SQLite converts values by itself; leave out the USING expression, and UPDATE the rows before

-- articles: add column n
ALTER TABLE "articles" ADD COLUMN "n" integer CHECK ("n" >= 0);

-- articles: change column n (type)
-- (by a rebuild of the table)

-- articles: change column n (type)
-- (by a rebuild of the table)

-- articles: rename column slug to path, rename column views to hits, drop column hits
ALTER TABLE "articles" RENAME COLUMN "slug" TO "path";
ALTER TABLE "articles" RENAME COLUMN "views" TO "hits";
ALTER TABLE "articles" DROP COLUMN "hits";

-- articles: add column x, drop column x
-- (by a rebuild of the table)

-- articles: add column again
-- refused: articles.again: SQLite has no IF EXISTS for columns; ask schema.has_column() before

-- articles: drop column again
-- refused: articles.again: SQLite has no IF EXISTS for columns; ask schema.has_column() before

-- articles: change column path (position)
-- refused: articles.path: SQLite appends new columns at the end; leave out .first() and .after()

-- create table numbers (2 columns)
CREATE TABLE "numbers" (
  "id" integer PRIMARY KEY AUTOINCREMENT,
  "k" integer NOT NULL
);

