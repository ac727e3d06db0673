--- setup
CREATE TABLE users (id bigint PRIMARY KEY, name varchar(40), price numeric(10, 4));
--- bad
ALTER TABLE users ALTER COLUMN name TYPE varchar(20);
--- bad
ALTER TABLE users ALTER COLUMN id TYPE int;
--- bad on=mysql
ALTER TABLE users MODIFY price decimal(10, 2);
--- good
ALTER TABLE users ALTER COLUMN name TYPE varchar(80);
