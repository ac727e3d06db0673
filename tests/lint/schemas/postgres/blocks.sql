-- Blocks as migrations have them: what stands inside is read by two readers.
DO $$ BEGIN CREATE TYPE mood AS ENUM ('ok'); EXCEPTION WHEN duplicate_object THEN NULL; END $$;
DO $do$
DECLARE
  t record;
  n bigint := (SELECT count(*) FROM users);
  wanted CONSTANT text DEFAULT 'begin; drop table users;';
BEGIN
  -- DROP TABLE commented_out;
  IF EXISTS (SELECT 1 FROM pg_tables WHERE tablename = 'old') AND n > CASE WHEN true THEN 0 ELSE 1 END THEN
    ALTER TABLE old RENAME TO older;
    DROP TABLE IF EXISTS oldest;
  ELSIF n = 0 THEN
    TRUNCATE users, orders;
  ELSE
    RAISE EXCEPTION 'no: % ; DROP TABLE x', wanted USING HINT = 'alter table y';
  END IF;
  FOR t IN SELECT tablename FROM pg_tables WHERE schemaname = 'app' LOOP
    EXECUTE format('ALTER TABLE %I ADD COLUMN at timestamptz', t.tablename);
    EXECUTE 'ANALYZE ' || t.tablename;
    CONTINUE WHEN n > 5;
  END LOOP;
  FOR i IN REVERSE 10..1 BY 2 LOOP
    INSERT INTO numbers (n, label) VALUES (i, CASE WHEN i % 2 = 0 THEN 'even' ELSE 'odd' END);
  END LOOP;
  EXECUTE 'ALTER TABLE users ADD COLUMN "it''s" text';
  EXECUTE $q$CREATE INDEX made_here ON users (name)$q$;
END
$do$;
DO LANGUAGE plpgsql $$
<<outer>>
DECLARE done boolean := false; rows int;
BEGIN
  WHILE NOT done LOOP
    UPDATE users SET name = lower(name) WHERE id IN (SELECT id FROM users WHERE name <> lower(name) LIMIT 100);
    GET DIAGNOSTICS rows = ROW_COUNT;
    done := rows = 0;
    EXIT outer WHEN rows IS NULL;
  END LOOP;
  LOOP
    DELETE FROM queue WHERE id < 5 RETURNING id INTO rows;
    EXIT;
  END LOOP;
  CASE rows
    WHEN 1, 2 THEN
      ALTER TABLE users ALTER COLUMN name SET NOT NULL;
    WHEN 3 THEN
      BEGIN
        LOCK TABLE users IN EXCLUSIVE MODE;
      EXCEPTION
        WHEN lock_not_available OR query_canceled THEN
          PERFORM pg_sleep(1);
        WHEN others THEN
          INSERT INTO failures SELECT 1;
      END;
    ELSE
      NULL;
  END CASE;
  CREATE TABLE made (id bigint PRIMARY KEY, CHECK (id > 0));
  COMMENT ON TABLE made IS 'begin; end if;';
  GRANT SELECT ON made TO PUBLIC;
END;
$$;
CREATE OR REPLACE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $body$
DECLARE
  c CURSOR (key int) FOR SELECT * FROM users WHERE id = key;
  update_count int = 0;
BEGIN
  IF TG_OP = 'DELETE' THEN
    INSERT INTO log (what) VALUES ('gone') ON CONFLICT DO NOTHING;
    RETURN OLD;
  END IF;
  update_count := update_count + 1;
  NEW.seen = now();
  FOREACH update_count IN ARRAY ARRAY[1, 2] LOOP
    WITH gone AS (DELETE FROM log RETURNING *) SELECT count(*) INTO update_count FROM gone;
  END LOOP;
  RETURN NEW;
END
$body$;
