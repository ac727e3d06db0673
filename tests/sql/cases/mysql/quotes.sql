INSERT INTO t VALUES ('a;b', 'it''s;', 'back\';slash', "double;\"", "two"";");
SELECT `odd;name`, `with ``tick;` FROM `t`;
SELECT 'ends \\'; SELECT N'n;', x'ff', b'01', _utf8mb4'x;';
SELECT "it's; fine";
