SELECT $$a;b$$;
SELECT $tag$ $$ ; $other$ ; $tag$;
SELECT $é_1$;$é_1$;
SELECT a$b$c, $1, $2::int FROM t;
