--- setup
CREATE TABLE users (id uuid PRIMARY KEY, age int);
--- bad
ALTER TABLE users ALTER age TYPE bigint;
--- good
ALTER TABLE users ADD age_2 bigint;
