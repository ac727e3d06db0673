--- bad
-- sterna:environment staging
CREATE TABLE a (id bigint PRIMARY KEY);
--- good
-- sterna:environment staging
INSERT INTO a (id) VALUES (1);
--- good
CREATE TABLE a (id bigint PRIMARY KEY);
