--- setup
CREATE TABLE users (id bigint PRIMARY KEY);
--- bad
LOCK TABLE users;
--- bad
LOCK TABLE users IN ACCESS EXCLUSIVE MODE;
--- good
LOCK TABLE users IN SHARE MODE;
