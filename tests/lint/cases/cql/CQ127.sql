--- setup
CREATE TABLE users (id uuid PRIMARY KEY, age int);
--- bad
ALTER TABLE users DROP age;
--- good
ALTER TABLE users ADD years int;
