--- setup
CREATE TABLE users (id bigint PRIMARY KEY, age int DEFAULT 0);
--- bad
ALTER TABLE users ALTER COLUMN age DROP DEFAULT;
--- good
ALTER TABLE users ALTER COLUMN age SET DEFAULT 1;
