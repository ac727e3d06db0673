--- setup
CREATE TABLE users (id bigint PRIMARY KEY);
--- bad offline
ALTER TABLE users SET ACCESS METHOD columnar;
--- good
ALTER TABLE users SET (autovacuum_enabled = true);
