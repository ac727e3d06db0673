--- setup
CREATE TABLE users (id bigint PRIMARY KEY, age int);
--- bad
ALTER TABLE users ADD COLUMN age int;
--- bad
ALTER TABLE users DROP COLUMN name;
--- good
ALTER TABLE users ADD COLUMN name text;
--- good
ALTER TABLE users DROP COLUMN IF EXISTS name;
