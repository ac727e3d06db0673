-- base
CREATE TABLE t (id int PRIMARY KEY, n int);
CREATE VIEW v AS SELECT id FROM t;
CREATE TRIGGER one BEFORE INSERT ON t FOR EACH ROW SET new.n = 1;
CREATE PROCEDURE p(IN a int) SELECT a;
CREATE FUNCTION f(a int) RETURNS int DETERMINISTIC RETURN a + 1;
CREATE EVENT e ON SCHEDULE EVERY 1 DAY STARTS '2030-01-01 00:00:00' DO DELETE FROM t;
-- change: query
CREATE OR REPLACE VIEW v AS SELECT id, n FROM t;
-- change: algorithm
CREATE OR REPLACE ALGORITHM = TEMPTABLE VIEW v AS SELECT id, n FROM t;
-- change: security
CREATE OR REPLACE ALGORITHM = MERGE SQL SECURITY INVOKER VIEW v AS SELECT id, n FROM t;
-- change: check option
CREATE OR REPLACE VIEW v AS SELECT id, n FROM t WHERE n > 0 WITH LOCAL CHECK OPTION;
-- change: body of a trigger
DROP TRIGGER one;
CREATE TRIGGER one BEFORE INSERT ON t FOR EACH ROW SET new.n = 2;
-- change: a second trigger before the first
CREATE TRIGGER two BEFORE INSERT ON t FOR EACH ROW PRECEDES one SET new.n = 3;
-- change: order of triggers
DROP TRIGGER two;
CREATE TRIGGER two BEFORE INSERT ON t FOR EACH ROW FOLLOWS one SET new.n = 3;
-- change: body of a procedure
DROP PROCEDURE p;
CREATE PROCEDURE p(IN a int) SELECT a + 1;
-- change: parameters of a procedure
DROP PROCEDURE p;
CREATE PROCEDURE p(INOUT a int) SELECT a + 1;
-- change: comment on a procedure
ALTER PROCEDURE p COMMENT 'does';
-- change: data that a function touches
ALTER FUNCTION f NO SQL;
-- change: security of a function
ALTER FUNCTION f SQL SECURITY INVOKER;
-- change: schedule
ALTER EVENT e ON SCHEDULE EVERY 2 DAY STARTS '2030-01-01 00:00:00';
-- change: disabled event
ALTER EVENT e DISABLE;
-- change: kept event
ALTER EVENT e ON COMPLETION PRESERVE;
-- change: comment on an event
ALTER EVENT e COMMENT 'nightly';
