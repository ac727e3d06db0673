--- bad
CREATE ROLE app;
--- good
GRANT SELECT ON users TO app;
