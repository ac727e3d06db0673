--- setup
CREATE TABLE users (id bigint PRIMARY KEY, age int);
CREATE TABLE log (id bigint PRIMARY KEY, age int);
CREATE FUNCTION clear_log() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM log;
  RETURN NULL;
END $$;
CREATE FUNCTION clear_one() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM log WHERE id = OLD.id;
  RETURN NULL;
END $$;
--- bad
CREATE TRIGGER users_gone AFTER DELETE ON users FOR EACH ROW EXECUTE FUNCTION clear_log();
--- bad
CREATE TRIGGER users_gone AFTER DELETE ON users EXECUTE PROCEDURE public.clear_log();
--- bad on=sqlite
CREATE TRIGGER users_age AFTER UPDATE OF age ON users WHEN NEW.age > CASE WHEN 1 THEN 2 END
BEGIN
  UPDATE users SET age = NEW.age;
END;
--- bad on=mysql
CREATE TRIGGER users_age AFTER UPDATE ON users FOR EACH ROW DELETE FROM log;
--- bad on=mysql
CREATE TRIGGER users_age AFTER UPDATE ON users FOR EACH ROW FOLLOWS other
IF NEW.age > 3 THEN
  BEGIN
    DELETE FROM log;
  END;
END IF;
--- good
CREATE TRIGGER users_gone AFTER DELETE ON users FOR EACH ROW EXECUTE FUNCTION clear_one();
--- good
CREATE TRIGGER users_gone AFTER DELETE ON users FOR EACH ROW EXECUTE FUNCTION not_known();
--- good
CREATE FUNCTION clear_all() RETURNS void LANGUAGE sql AS $$ DELETE FROM log; DELETE FROM users; $$;
--- good on=sqlite
CREATE TRIGGER users_age AFTER UPDATE OF age ON users BEGIN
  UPDATE users SET age = 1 WHERE id = NEW.id;
  DELETE FROM log WHERE id = NEW.id;
END;
--- good on=mysql
CREATE TRIGGER users_age BEFORE UPDATE ON users FOR EACH ROW SET NEW.age = 1;
