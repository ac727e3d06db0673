-- base
CREATE TABLE t (id int, name text);
CREATE VIEW v AS SELECT id FROM t;
CREATE FUNCTION fire() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$;
CREATE FUNCTION watch() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN END $$;
CREATE TRIGGER one AFTER INSERT ON t FOR EACH ROW EXECUTE FUNCTION fire();
CREATE EVENT TRIGGER seen ON ddl_command_end EXECUTE FUNCTION watch();
-- change: moment
DROP TRIGGER one ON t;
CREATE TRIGGER one BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION fire();
-- change: events
DROP TRIGGER one ON t;
CREATE TRIGGER one BEFORE INSERT OR UPDATE OF name ON t FOR EACH ROW EXECUTE FUNCTION fire();
-- change: condition
DROP TRIGGER one ON t;
CREATE TRIGGER one BEFORE INSERT ON t FOR EACH ROW WHEN (new.id > 0) EXECUTE FUNCTION fire();
-- change: arguments
DROP TRIGGER one ON t;
CREATE TRIGGER one BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION fire('a', 'it''s');
-- change: transition table
CREATE TRIGGER two AFTER INSERT ON t REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION fire();
-- change: constraint trigger
CREATE CONSTRAINT TRIGGER three AFTER INSERT ON t DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION fire();
-- change: trigger of a view
CREATE TRIGGER four INSTEAD OF DELETE ON v FOR EACH ROW EXECUTE FUNCTION fire();
-- change: disabled
ALTER TABLE t DISABLE TRIGGER one;
-- change: for replicas
ALTER TABLE t ENABLE REPLICA TRIGGER one;
-- change: always
ALTER TABLE t ENABLE ALWAYS TRIGGER one;
-- change: comment
COMMENT ON TRIGGER one ON t IS 'fires';
-- change: event trigger by tag
DROP EVENT TRIGGER seen;
CREATE EVENT TRIGGER seen ON ddl_command_end WHEN TAG IN ('CREATE TABLE') EXECUTE FUNCTION watch();
-- change: disabled event trigger
ALTER EVENT TRIGGER seen DISABLE;
-- change: comment on an event trigger
COMMENT ON EVENT TRIGGER seen IS 'sees';
-- change: rule
CREATE RULE r AS ON DELETE TO t DO INSTEAD NOTHING;
-- change: action of a rule
CREATE OR REPLACE RULE r AS ON DELETE TO t WHERE old.id > 0 DO INSTEAD NOTHING;
-- change: disabled rule
ALTER TABLE t DISABLE RULE r;
-- change: comment on a rule
COMMENT ON RULE r ON t IS 'rules';
