SET @a = 1, @@session.sql_mode = '', @`q;x` = 2;
SELECT @a:=5, ? FROM t;
