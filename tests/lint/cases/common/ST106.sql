--- setup
CREATE TABLE users (id bigint PRIMARY KEY);
--- bad
TRUNCATE TABLE users;
--- good
CREATE TABLE a (id bigint PRIMARY KEY);
TRUNCATE a;
