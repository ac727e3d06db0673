--- bad
-- sterna:transaction none
ALTER TABLE users ADD COLUMN email text;
CREATE INDEX CONCURRENTLY users_email ON users (email);
--- good
-- sterna:transaction none
CREATE INDEX CONCURRENTLY users_email ON users (email);
