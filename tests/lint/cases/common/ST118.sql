--- setup
CREATE TABLE users (id bigint PRIMARY KEY, age int);
--- bad
DO $$
DECLARE t text;
BEGIN
  FOR t IN SELECT tablename FROM pg_tables LOOP
    EXECUTE format('DROP TABLE %I', t);
  END LOOP;
END $$;
--- bad
DO $$
DECLARE q text := 'ALTER TABLE users ';
BEGIN
  LOOP
    q := q || ', ADD COLUMN a int';
    EXECUTE q;
  END LOOP;
END $$;
--- bad on=mysql
SET @q = (SELECT CONCAT('DROP TABLE ', table_name) FROM information_schema.tables LIMIT 1);
PREPARE s FROM @q;
EXECUTE s;
--- bad on=mysql
EXECUTE IMMEDIATE CONCAT('DROP TABLE ', @name);
--- good
DO $$ BEGIN EXECUTE format('ALTER TABLE %I ADD COLUMN %s', 'users', 'b int'); END $$;
--- good
DO $$
DECLARE
  t text;
  q text := 'ALTER TABLE ';
BEGIN
  q := q || quote_ident('users');
  EXECUTE q || ' ADD COLUMN b int';
  FOREACH t IN ARRAY ARRAY['users', 'posts'] LOOP
    EXECUTE format('ALTER TABLE %I ADD COLUMN c int', t);
  END LOOP;
END $$;
--- good on=mysql
SET @q = IF(1 > 2, 'SELECT 1', CONCAT('ALTER TABLE users ', 'ADD COLUMN b int'));
PREPARE s FROM @q;
EXECUTE s;
DEALLOCATE PREPARE s;
--- good on=mysql
PREPARE s FROM 'ALTER TABLE users ADD COLUMN b int';
EXECUTE s;
--- good on=mysql mariadb
EXECUTE IMMEDIATE 'ALTER TABLE users ADD COLUMN b int';
