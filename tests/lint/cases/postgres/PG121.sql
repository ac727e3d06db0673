--- bad
SET lock_timeout = 0;
--- bad
SET LOCAL lock_timeout TO DEFAULT;
--- good
SET LOCAL lock_timeout = '2s';
