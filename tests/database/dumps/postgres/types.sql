-- base
CREATE TYPE mood AS ENUM ('sad', 'glad');
CREATE DOMAIN word AS varchar(9);
CREATE TYPE pair AS (a int, b mood);
CREATE TYPE span AS RANGE (subtype = float8);
CREATE TABLE t (m mood, w word, p pair, s span);
-- change: enum value
ALTER TYPE mood ADD VALUE 'so so' BEFORE 'glad';
-- change: name of an enum value
ALTER TYPE mood RENAME VALUE 'so so' TO 'well';
-- change: default of a domain
ALTER DOMAIN word SET DEFAULT 'x';
-- change: NOT NULL of a domain
ALTER DOMAIN word SET NOT NULL;
-- change: check of a domain
ALTER DOMAIN word ADD CONSTRAINT full_word CHECK (VALUE <> '');
-- change: check of a domain that is not valid
ALTER DOMAIN word ADD CONSTRAINT later CHECK (VALUE <> 'y') NOT VALID;
-- change: comment on the check of a domain
COMMENT ON CONSTRAINT full_word ON DOMAIN word IS 'why';
-- change: attribute of a composite type
ALTER TYPE pair ADD ATTRIBUTE c text COLLATE "C";
-- change: comment on an attribute
COMMENT ON COLUMN pair.a IS 'first';
-- change: range
DROP TABLE t;
DROP TYPE span;
CREATE TYPE span AS RANGE (subtype = float8, subtype_diff = float8mi);
-- change: comments
COMMENT ON TYPE mood IS 'how';
-- change: comment on a range
COMMENT ON TYPE span IS 'from to';
