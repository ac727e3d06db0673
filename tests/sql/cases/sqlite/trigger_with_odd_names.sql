CREATE TEMPORARY TRIGGER begin AFTER INSERT ON "end" WHEN NEW.begin BEGIN
  UPDATE t SET end = NEW.end, begin = begin + 1 WHERE end IS NULL;
  DELETE FROM t WHERE a = CASE b WHEN 1 THEN 2 END;
END;
CREATE TABLE trigger_log (begin, end);
BEGIN;
