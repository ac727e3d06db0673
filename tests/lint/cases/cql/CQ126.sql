--- bad
INSERT INTO users (id, name) VALUES (1, 'a') USING TIMESTAMP 9999999999999999;
--- good
INSERT INTO users (id, name) VALUES (1, 'a');
