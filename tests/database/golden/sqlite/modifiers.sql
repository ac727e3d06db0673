-- create table m_stored (3 columns)
CREATE TABLE "m_stored" (
  "id" integer PRIMARY KEY AUTOINCREMENT,
  "a" integer NOT NULL,
  "twice" integer GENERATED ALWAYS AS (a * 2) STORED
);

-- create table m_stored_required (3 columns)
CREATE TABLE "m_stored_required" (
  "id" integer PRIMARY KEY AUTOINCREMENT,
  "a" integer NOT NULL,
  "twice" integer GENERATED ALWAYS AS (a * 2) STORED NOT NULL
);

-- create table m_virtual (3 columns)
CREATE TABLE "m_virtual" (
  "id" integer PRIMARY KEY AUTOINCREMENT,
  "a" integer NOT NULL,
  "twice" integer GENERATED ALWAYS AS (a * 2) VIRTUAL
);

-- create table m_character (3 columns)
-- refused: m_character.word: SQLite has one encoding for a whole file; leave out .charset(), or choose a .collate()

-- create table m_collated (3 columns)
CREATE TABLE "m_collated" (
  "id" integer PRIMARY KEY AUTOINCREMENT,
  "a" integer NOT NULL,
  "word" text COLLATE "NOCASE" NOT NULL
);

-- create table m_on_update (3 columns)
-- refused: m_on_update.at: SQLite has no ON UPDATE for columns; use an AFTER UPDATE trigger

-- create table m_comment (3 columns)
CREATE TABLE "m_comment" (
  "id" integer PRIMARY KEY AUTOINCREMENT,
  "a" integer NOT NULL,
  "word" varchar(20) NOT NULL
);

-- create table m_unsigned (3 columns)
CREATE TABLE "m_unsigned" (
  "id" integer PRIMARY KEY AUTOINCREMENT,
  "a" integer NOT NULL,
  "n" integer NOT NULL CHECK ("n" >= 0)
);

-- m_comment: add column lead
-- refused: m_comment.lead: SQLite appends new columns at the end; leave out .first() and .after()

-- m_unsigned: add column z
-- refused: m_unsigned.z: SQLite appends new columns at the end; leave out .first() and .after()

