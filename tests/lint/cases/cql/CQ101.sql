--- setup
CREATE TABLE users (id uuid PRIMARY KEY, age int);
ALTER TABLE users DROP age;
--- bad
ALTER TABLE users ADD age text;
--- bad
ALTER TABLE users ADD age int;
--- good
ALTER TABLE users ADD years int;
