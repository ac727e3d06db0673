--- bad
UPDATE users SET a = 1 WHERE a = 2;
ALTER TABLE users ADD b int;
--- good
ALTER TABLE users ADD b int;
UPDATE users SET a = 1 WHERE a = 2;
