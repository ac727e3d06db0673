--- setup
CREATE TABLE users (id bigint PRIMARY KEY, email text);
CREATE INDEX users_email ON users (email);
--- bad
DROP INDEX users_email;
--- good
-- sterna:transaction none
DROP INDEX CONCURRENTLY users_email;
--- good
CREATE TABLE t (a int);
CREATE INDEX t_a ON t (a);
DROP INDEX t_a;
