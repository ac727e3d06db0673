--- setup
CREATE TABLE users (id bigint PRIMARY KEY, name text);
--- bad
ALTER TABLE users RENAME COLUMN name TO full_name;
--- bad on=mysql
ALTER TABLE users CHANGE name full_name text;
--- good
CREATE TABLE a (b int PRIMARY KEY);
ALTER TABLE a RENAME COLUMN b TO c;
--- good on=mysql
ALTER TABLE users CHANGE name name varchar(40);
