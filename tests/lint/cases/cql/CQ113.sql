--- setup
CREATE TABLE users (id int PRIMARY KEY, name text);
--- bad
DELETE FROM users WHERE id = 1;
--- good
INSERT INTO users (id, name) VALUES (1, 'a') USING TTL 60;
