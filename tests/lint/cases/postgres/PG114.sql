--- setup
CREATE TABLE users (id bigint PRIMARY KEY);
--- bad
CLUSTER users USING users_pkey;
--- good
ALTER TABLE users CLUSTER ON users_pkey;
