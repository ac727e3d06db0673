--- setup
CREATE TABLE users (id bigint PRIMARY KEY, state int, name varchar(20));
--- bad
ALTER TABLE users ALTER COLUMN state TYPE text;
--- bad on=mysql
ALTER TABLE users MODIFY state varchar(20);
--- good
ALTER TABLE users ALTER COLUMN state TYPE bigint;
--- good
ALTER TABLE users ALTER COLUMN name TYPE text;
