-- create table defaults (15 columns)
CREATE TABLE "defaults" (
  "flag" boolean NOT NULL DEFAULT 1,
  "off" boolean NOT NULL DEFAULT 0,
  "number" integer NOT NULL DEFAULT -5,
  "word" varchar(20) NOT NULL DEFAULT 'it''s \ here',
  "body" text NOT NULL DEFAULT 'long',
  "document" text NOT NULL DEFAULT '{}',
  "nothing" integer DEFAULT NULL,
  "sum" integer NOT NULL DEFAULT (1 + 1),
  "at" datetime NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "at_3" datetime NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f', 'now')),
  "moment" datetime NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f', 'now')),
  "day" date NOT NULL DEFAULT CURRENT_DATE,
  "clock" time NOT NULL DEFAULT CURRENT_TIME,
  "deleted_at" datetime,
  "state" text NOT NULL DEFAULT 'new' CHECK ("state" IN ('new', 'old'))
);

-- run INSERT INTO defaults (flag) VALUES (false)
INSERT INTO defaults (flag) VALUES (false);

-- defaults: change column number (default), change column word (default)
-- (by a rebuild of the table)

