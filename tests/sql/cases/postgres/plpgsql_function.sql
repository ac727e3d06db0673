CREATE OR REPLACE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $body$
DECLARE
  n int := 1; -- not the end;
BEGIN
  IF n > 0 THEN
    NEW.updated_at := now();
  END IF;
  RETURN NEW;
END;
$body$;
CREATE TRIGGER touch BEFORE UPDATE ON t FOR EACH ROW EXECUTE FUNCTION touch();
