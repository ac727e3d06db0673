--- setup
CREATE TABLE users (id bigint PRIMARY KEY);
--- bad
-- sterna:transaction none
VACUUM FULL users;
--- bad
-- sterna:transaction none
VACUUM (FULL, VERBOSE) users;
--- good
-- sterna:transaction none
VACUUM users;
