INSERT INTO t VALUES ('a;b', 'it''s;', 'back\');
SELECT "odd;", `tick;`, [bracket;name] FROM [t;t];
SELECT x'ab', :name, @at, $dollar, ?1, ?;
SELECT a -> '$.x;', b ->> 'y;', c || ';';
