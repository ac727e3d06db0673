--- bad
GRANT ALL PRIVILEGES ON users TO app;
--- good
GRANT SELECT, INSERT ON users TO app;
