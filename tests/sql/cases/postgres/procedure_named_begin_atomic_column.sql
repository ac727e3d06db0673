CREATE FUNCTION f(x int) RETURNS int LANGUAGE sql AS $$ SELECT 1; $$;
SELECT begin, atomic FROM t;