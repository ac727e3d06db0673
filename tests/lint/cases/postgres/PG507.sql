--- bad
ALTER TABLE users OWNER TO app;
--- good
ALTER TABLE users RENAME TO people;
