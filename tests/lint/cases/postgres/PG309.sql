--- bad
SELECT pg_advisory_lock(1);
--- good
SELECT pg_advisory_xact_lock(1);
