--- bad
CREATE EXTENSION pg_trgm;
--- good
CREATE EXTENSION IF NOT EXISTS pg_trgm;
