--- setup
CREATE TABLE users (id bigint PRIMARY KEY);
--- bad
REINDEX TABLE users;
--- bad
REINDEX INDEX users_pkey;
--- good
-- sterna:transaction none
REINDEX TABLE CONCURRENTLY users;
