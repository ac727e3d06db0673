--- setup
CREATE TABLE users (id bigint PRIMARY KEY);
--- bad
DROP TABLE users;
--- bad
DROP TABLE IF EXISTS other, users;
--- good
CREATE TABLE a (id bigint PRIMARY KEY);
DROP TABLE a;
--- good on=sqlite
CREATE TABLE new_users (id bigint PRIMARY KEY);
DROP TABLE users;
ALTER TABLE new_users RENAME TO users;
