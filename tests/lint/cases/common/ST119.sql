--- setup
CREATE TABLE users (id bigint PRIMARY KEY, age int);
CREATE TABLE log (id bigint PRIMARY KEY, age int);
CREATE FUNCTION log_it() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE log SET age = NEW.age WHERE id = NEW.id;
  RETURN NEW;
END $$;
CREATE TRIGGER users_log AFTER INSERT OR UPDATE OF age ON users FOR EACH ROW EXECUTE FUNCTION log_it();
CREATE FUNCTION count_it() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE log SET age = age + 1 WHERE id = 0;
  RETURN NULL;
END $$;
CREATE TRIGGER users_count AFTER DELETE ON users FOR EACH STATEMENT EXECUTE FUNCTION count_it();
--- bad
UPDATE users SET age = 0;
--- bad
INSERT INTO users (id, age) SELECT id, age FROM log;
--- bad
-- sterna:transaction none
-- sterna:backfill batch=100
UPDATE users SET age = 0;
--- bad on=sqlite
CREATE TRIGGER users_gone AFTER DELETE ON users BEGIN DELETE FROM log WHERE id = OLD.id; END;
DELETE FROM users;
--- bad on=mysql
CREATE TRIGGER users_gone AFTER DELETE ON users FOR EACH ROW DELETE FROM log WHERE id = OLD.id;
DELETE FROM users;
--- good
UPDATE users SET age = 0 WHERE id = 1;
--- good
UPDATE users SET id = id + 1;
--- good
DELETE FROM users;
--- good
INSERT INTO users (id, age) VALUES (1, 1);
--- good
ALTER TABLE users DISABLE TRIGGER users_log;
UPDATE users SET age = 0;
--- good
DROP TRIGGER users_log ON users;
UPDATE users SET age = 0;
--- good
SET LOCAL session_replication_role = 'replica';
UPDATE users SET age = 0;
