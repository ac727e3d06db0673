-- every kind of quote holds its semicolon
SELECT 'a;b', 'it''s; fine';
SELECT "odd;name", "with ""quotes;""" FROM "t;t";
SELECT E'back\'slash;', e'\\';
SELECT U&'d\0061t;a', U&"d\0061;t" ;
SELECT B'01;', x'ff;', N'n;';
SELECT 'ends in backslash\';
