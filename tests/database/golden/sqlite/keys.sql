-- create table users (3 columns)
CREATE TABLE "users" (
  "id" integer PRIMARY KEY AUTOINCREMENT,
  "email" varchar(190) NOT NULL,
  "tenant" integer NOT NULL
);
CREATE UNIQUE INDEX "users_email_unique" ON "users" ("email");
CREATE UNIQUE INDEX "users_whole" ON "users" ("id", "tenant");
CREATE INDEX "users_tenant_index" ON "users" ("tenant");

-- create table posts (6 columns)
CREATE TABLE "posts" (
  "a" integer NOT NULL,
  "b" integer NOT NULL,
  "author_id" integer,
  "editor_id" integer,
  "tenant" integer,
  "score" integer NOT NULL,
  PRIMARY KEY ("a", "b"),
  CONSTRAINT "posts_author_id_foreign" FOREIGN KEY ("author_id") REFERENCES "users" ("id") ON DELETE CASCADE ON UPDATE RESTRICT,
  CONSTRAINT "posts_editor" FOREIGN KEY ("editor_id", "tenant") REFERENCES "users" ("id", "tenant") ON DELETE SET NULL,
  CONSTRAINT "posts_score_check" CHECK (score >= 0),
  CHECK (score < 1000)
);

-- posts: drop foreign key posts_author_id_foreign, drop check posts_score_check, drop primary key
-- (by a rebuild of the table)

-- posts: add primary key on b, a, add unique on score, add foreign key on author_id to users, add check posts_score_check
-- (by a rebuild of the table)

-- posts: drop unique posts_score_unique
DROP INDEX "posts_score_unique";

-- posts: add foreign key on editor_id to users
-- (by a rebuild of the table)

-- posts: add foreign key posts_late to users
-- (by a rebuild of the table)

-- posts: validate constraint posts_late
-- refused: posts.posts_late: SQLite has no constraints that are not valid yet; leave out .not_valid() and validate

-- posts: add foreign key posts_full to users
-- (by a rebuild of the table)

-- posts: add foreign key posts_fallback to users
-- (by a rebuild of the table)

-- posts: add unique posts_deferred
-- refused: posts.posts_deferred: SQLite checks uniqueness at every row; leave out .deferrable()

-- posts: add unique posts_nulls
-- refused: index posts_nulls: SQLite counts NULLs as distinct; use a unique index over coalesce(…)

-- posts: add check posts_not_valid
-- (by a rebuild of the table)

-- posts: add check posts_not_enforced
-- (by a rebuild of the table)

-- posts: add exclusion
-- refused: posts.posts_int4range_a_b_exclude: SQLite has no exclusion constraints; use a trigger

-- posts: drop exclusion
-- refused: posts.posts_int4range_a_b_exclude: SQLite has no exclusion constraints; use a trigger

-- posts: drop check posts_none
-- refused: posts.posts_none: SQLite has no IF EXISTS for constraints; drop it where it exists

