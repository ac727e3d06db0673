--- setup
CREATE TABLE users (id int PRIMARY KEY, name text);
--- bad
INSERT INTO users (id, name) VALUES (1, null);
--- good
INSERT INTO users (id) VALUES (1);
