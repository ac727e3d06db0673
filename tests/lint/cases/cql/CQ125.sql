--- setup
CREATE TABLE users (id int PRIMARY KEY);
--- bad
INSERT INTO users (id) VALUES (1) IF NOT EXISTS;
--- good
INSERT INTO users (id) VALUES (1);
