--- setup
CREATE TABLE users (id bigint PRIMARY KEY, email text, app_id int);
--- bad
CREATE INDEX users_email ON users (email);
--- bad
CREATE UNIQUE INDEX ON ONLY users USING btree (lower(email)) WHERE email IS NOT NULL;
--- good
-- sterna:transaction none
CREATE INDEX CONCURRENTLY users_email ON users (email);
--- good
CREATE TABLE fresh (id bigint PRIMARY KEY, email text);
CREATE INDEX fresh_email ON fresh (email);
--- bad
DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_class WHERE relname = 'users_in_block') THEN
    CREATE INDEX users_in_block ON users (id);
  END IF;
END $$;
