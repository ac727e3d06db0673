--- setup
CREATE TABLE users (id bigint PRIMARY KEY);
--- bad
ALTER TABLE users RENAME TO people;
--- bad on=mysql
RENAME TABLE users TO people;
--- good
CREATE TABLE new_users (id bigint PRIMARY KEY);
DROP TABLE users;
ALTER TABLE new_users RENAME TO users;
