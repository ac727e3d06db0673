--- setup
CREATE TABLE users (id int PRIMARY KEY, name varchar(20), price numeric(10, 2), at timestamp);
--- bad
ALTER TABLE users ALTER COLUMN id TYPE bigint;
--- bad
ALTER TABLE users ALTER name SET DATA TYPE varchar(10);
--- bad
ALTER TABLE users ALTER COLUMN price TYPE numeric(10, 4);
--- bad
ALTER TABLE users ALTER COLUMN price TYPE text USING price::text;
--- bad offline
ALTER TABLE elsewhere ALTER COLUMN a TYPE text;
--- good
ALTER TABLE users ALTER COLUMN name TYPE varchar(40);
--- good
ALTER TABLE users ALTER COLUMN name TYPE text;
--- good
ALTER TABLE users ALTER COLUMN price TYPE numeric(12, 2);
--- bad
DO $$
DECLARE wider text := 'bigint';
BEGIN
  EXECUTE 'ALTER TABLE users ALTER COLUMN id TYPE bigint';
END $$;
--- bad
DO $$
DECLARE wider text := 'bigint';
BEGIN
  EXECUTE 'ALTER TABLE users ALTER COLUMN id TYPE ' || wider;
END $$;
