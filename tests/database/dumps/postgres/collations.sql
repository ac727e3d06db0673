-- base
CREATE COLLATION c (LOCALE = 'C');
-- change: locale
DROP COLLATION c;
CREATE COLLATION c (PROVIDER = icu, LOCALE = 'de-u-co-phonebk');
-- change: deterministic
DROP COLLATION c;
CREATE COLLATION c (PROVIDER = icu, LOCALE = 'de-u-co-phonebk', DETERMINISTIC = false);
-- change: comment
COMMENT ON COLLATION c IS 'sorts';
-- change: owner
ALTER COLLATION c OWNER TO pg_monitor;
