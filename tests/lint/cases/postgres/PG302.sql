--- bad
-- sterna:transaction none
CREATE INDEX CONCURRENTLY IF NOT EXISTS users_email ON users (email);
--- good
-- sterna:transaction none
CREATE INDEX CONCURRENTLY users_email ON users (email);
