--- setup
CREATE TABLE users (id int PRIMARY KEY, name text);
--- bad
INSERT INTO users (id, name) VALUES (1, 'a') USING TIMESTAMP 9999999999999999;
--- good
INSERT INTO users (id, name) VALUES (1, 'a');
