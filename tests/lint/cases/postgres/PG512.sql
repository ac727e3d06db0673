--- bad
DROP SCHEMA public CASCADE;
--- good
DROP SCHEMA old;
