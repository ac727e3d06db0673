-- create table pages (5 columns)
CREATE TABLE "pages" (
  "id" integer PRIMARY KEY AUTOINCREMENT,
  "title" varchar(100) NOT NULL,
  "body" text NOT NULL,
  "author_id" integer NOT NULL,
  "deleted_at" datetime
);

-- pages: add index on author_id
CREATE INDEX "pages_author_id_index" ON "pages" ("author_id");

-- pages: add index on title, author_id
CREATE UNIQUE INDEX "pages_title_author_id_unique" ON "pages" ("title", "author_id");

-- pages: add index pages_desc
CREATE INDEX "pages_desc" ON "pages" ("author_id" DESC);

-- pages: add index pages_nulls
-- refused: index pages_nulls: SQLite sorts NULLs first always; leave out the order of NULLs

-- pages: add index on (lower(title))
CREATE INDEX "pages_lower_title_index" ON "pages" ((lower(title)));

-- pages: add index pages_partial
CREATE INDEX "pages_partial" ON "pages" ("author_id") WHERE deleted_at IS NULL;

-- pages: add index pages_include
-- refused: index pages_include: SQLite has no INCLUDE; add the columns to the index, or leave out .include()

-- pages: add index pages_hash
-- refused: index pages_hash: SQLite has no index method hash; leave it out: every index is a B-tree

-- pages: add index pages_brin
-- refused: index pages_brin: SQLite has no index method brin; leave it out: every index is a B-tree

-- pages: add index pages_pattern
-- refused: index pages_pattern: SQLite has no operator classes; leave it out

-- pages: add index pages_prefix
-- refused: index pages_prefix: SQLite has no prefix indexes; use an expression like substr(column, 1, 20)

-- pages: add index pages_nocase
CREATE INDEX "pages_nocase" ON "pages" ("title" COLLATE "NOCASE");

-- pages: add index pages_distinct
-- refused: index pages_distinct: SQLite counts NULLs as distinct; use a unique index over coalesce(…)

-- pages: add index pages_storage
-- refused: index pages_storage: SQLite takes no storage parameters for an index; leave them out

-- pages: add index on title, body
-- refused: index pages_title_body_fulltext: SQLite has no full-text indexes; create an FTS5 virtual table with raw SQL

-- pages: add index pages_german
-- refused: index pages_german: SQLite has no full-text indexes; create an FTS5 virtual table with raw SQL

-- pages: add index pages_ngram
-- refused: index pages_ngram: SQLite has no full-text indexes; create an FTS5 virtual table with raw SQL

-- pages: add index pages_commented
CREATE INDEX "pages_commented" ON "pages" ("title");

-- create table places (1 column)
CREATE TABLE "places" (
  "at" point NOT NULL
);

-- places: add index on at
-- refused: index places_at_spatial: SQLite has no spatial indexes; create an R*Tree virtual table with raw SQL

-- pages: add index pages_slow
CREATE INDEX "pages_slow" ON "pages" ("author_id");

-- pages: add index pages_slow
CREATE INDEX IF NOT EXISTS "pages_slow" ON "pages" ("author_id");

-- pages: rename index pages_slow to pages_fast
-- refused: index pages_slow: SQLite renames an index only by creating it anew from the live schema; connect to it, or drop the index and add it again

-- pages: drop index pages_fast
DROP INDEX "pages_fast";

-- pages: drop index
DROP INDEX "pages_title_author_id_unique";

-- pages: drop index pages_gone
DROP INDEX IF EXISTS "pages_gone";

