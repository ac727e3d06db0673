--- bad
ALTER ROLE app PASSWORD 'correct horse';
--- bad
INSERT INTO settings (name, value) VALUES ('key', 'AKIAIOSFODNN7EXAMPLE');
--- bad
UPDATE users SET password = 'letmein' WHERE id = 1;
--- bad
INSERT INTO hooks (url) VALUES ('https://bob:hunter2@example.com/x');
--- good
CREATE TABLE users (id bigint PRIMARY KEY, password text NOT NULL DEFAULT 'x');
--- good
INSERT INTO hooks (url) VALUES ('https://example.com/x');
