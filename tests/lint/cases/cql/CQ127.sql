--- bad
ALTER TABLE users DROP age;
--- good
ALTER TABLE users ADD age int;
