--- setup
CREATE TABLE users (id bigint PRIMARY KEY, email text, name text CONSTRAINT c CHECK (true));
ALTER TABLE users ADD CONSTRAINT name_there CHECK (name IS NOT NULL) NOT VALID;
ALTER TABLE users VALIDATE CONSTRAINT name_there;
--- bad
ALTER TABLE users ALTER COLUMN email SET NOT NULL;
--- bad version=110000
ALTER TABLE users ALTER COLUMN name SET NOT NULL;
--- good
ALTER TABLE users ALTER COLUMN name SET NOT NULL;
--- good
ALTER TABLE users ALTER COLUMN email DROP NOT NULL;
