--- bad
DROP EXTENSION citext;
--- good
CREATE EXTENSION IF NOT EXISTS citext;
