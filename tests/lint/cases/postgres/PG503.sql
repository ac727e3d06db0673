--- bad
CREATE EXTENSION IF NOT EXISTS pg_stat_statements;
--- bad
CREATE ROLE boss SUPERUSER;
--- good
CREATE EXTENSION IF NOT EXISTS pg_trgm;
