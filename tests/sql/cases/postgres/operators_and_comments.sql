SELECT 1 --comment;
 - 2;
SELECT a <-- comment; '
 b FROM t;
SELECT '{"a":1}'::jsonb ? 'a;', a @> b, a #>> '{x}', 5 # 3, a->>'k;';
SELECT 4*/* ; */5, @-1, ~1;
SELECT arr[1:2], x::text, f(a := 1, b => 2);
