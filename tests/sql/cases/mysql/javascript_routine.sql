CREATE FUNCTION gcd(a INT, b INT) RETURNS INT LANGUAGE JAVASCRIPT AS $$
  let x = a; return x;
$$;
SELECT $name, a$b FROM t;
