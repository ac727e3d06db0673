--- setup
CREATE TABLE users (id bigint PRIMARY KEY, email text);
--- bad
CREATE INDEX CONCURRENTLY users_email ON users (email);
--- bad
-- sterna:up
SELECT 1;
-- sterna:down
DROP INDEX CONCURRENTLY users_email;
--- good
-- sterna:transaction none
CREATE INDEX CONCURRENTLY users_email ON users (email);
