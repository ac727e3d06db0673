CREATE FUNCTION f () AS $$ return 1;
