--- setup
CREATE TABLE users (id bigint PRIMARY KEY, email text, app_id int);
CREATE TABLE jobs (id bigint PRIMARY KEY);
CREATE FUNCTION index_it(name text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format('CREATE INDEX %I ON users (email)', name);
END $$;
CREATE FUNCTION index_for_job() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    PERFORM index_it('of_job');
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER jobs_index AFTER INSERT OR DELETE ON jobs FOR EACH ROW EXECUTE FUNCTION index_for_job();
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
--- bad
SELECT index_it('by_email');
--- bad
INSERT INTO jobs (id) VALUES (1);
--- good
DELETE FROM jobs WHERE id = 1;
--- good
ALTER TABLE jobs DISABLE TRIGGER jobs_index;
INSERT INTO jobs (id) VALUES (2);
--- good
CREATE FUNCTION not_called() RETURNS void LANGUAGE sql AS $$ CREATE INDEX made_later ON users (id); $$;
