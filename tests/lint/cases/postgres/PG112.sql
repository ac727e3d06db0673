--- setup
CREATE TABLE users (id bigint PRIMARY KEY);
--- bad no-rewrite
ALTER TABLE users SET TABLESPACE pg_default;
--- good
ALTER TABLE users SET (fillfactor = 90);
