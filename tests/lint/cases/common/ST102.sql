--- setup
CREATE TABLE users (id bigint PRIMARY KEY, age int);
--- bad
ALTER TABLE users DROP COLUMN age;
--- bad on=mysql
ALTER TABLE users DROP age, ADD email text;
--- bad on=cql
ALTER TABLE users DROP age;
--- good
CREATE TABLE a (id bigint PRIMARY KEY, b int);
ALTER TABLE a DROP COLUMN b;
