--- setup
CREATE TABLE users (id bigint PRIMARY KEY, age int);
--- bad
DELETE FROM users;
--- good
DELETE FROM users WHERE age IS NULL;
