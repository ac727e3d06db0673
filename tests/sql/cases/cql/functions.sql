CREATE OR REPLACE FUNCTION ks.f (a int, b frozen<list<text>>) RETURNS NULL ON NULL INPUT RETURNS text
  LANGUAGE java AS $$
    String s = "a;'b'$"; // it's; fine
    return s + ";";
  $$;
CREATE AGGREGATE IF NOT EXISTS ks.mean (int) SFUNC state STYPE tuple<int, bigint> FINALFUNC final INITCOND (0, 0);
DROP AGGREGATE IF EXISTS ks.mean (int); DROP FUNCTION ks.f (int, frozen<list<text>>);
