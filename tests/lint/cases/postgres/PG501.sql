--- bad
GRANT SELECT ON users TO PUBLIC;
--- good
GRANT SELECT ON users TO readers;
