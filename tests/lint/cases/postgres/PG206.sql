--- setup
CREATE TABLE users (id bigint PRIMARY KEY);
--- bad
ALTER TABLE users SET UNLOGGED;
--- good
CREATE UNLOGGED TABLE cache (id bigint PRIMARY KEY);
