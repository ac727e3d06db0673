# hash; comment
SELECT 1; # trailing;
SELECT 5--1;
SELECT 2 -- comment;
;
SELECT 3--	x;
;
SELECT 4 /* no /* nesting; */ ;
-- 
SELECT 6--
;
