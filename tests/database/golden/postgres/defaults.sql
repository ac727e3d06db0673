-- create table defaults (15 columns)
CREATE TYPE "defaults_state" AS ENUM ('new', 'old');
CREATE TABLE "defaults" (
  "flag" boolean NOT NULL DEFAULT true,
  "off" boolean NOT NULL DEFAULT false,
  "number" integer NOT NULL DEFAULT -5,
  "word" varchar(20) NOT NULL DEFAULT E'it''s \\ here',
  "body" text NOT NULL DEFAULT 'long',
  "document" json NOT NULL DEFAULT '{}',
  "nothing" integer DEFAULT NULL,
  "sum" integer NOT NULL DEFAULT 1 + 1,
  "at" timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "at_3" timestamp(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "moment" timestamp(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "day" date NOT NULL DEFAULT CURRENT_DATE,
  "clock" time NOT NULL DEFAULT CURRENT_TIME,
  "deleted_at" timestamp,
  "state" "defaults_state" NOT NULL DEFAULT 'new'
);

-- run INSERT INTO defaults (flag) VALUES (false)
INSERT INTO defaults (flag) VALUES (false);

-- defaults: change column number (default), change column word (default)
ALTER TABLE "defaults"
  ALTER COLUMN "number" SET DEFAULT 7,
  ALTER COLUMN "word" DROP DEFAULT;

