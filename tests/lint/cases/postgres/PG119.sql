--- setup
CREATE TABLE a (id bigint PRIMARY KEY, x int);
--- bad
ALTER TABLE a ADD COLUMN y int;
UPDATE a SET y = x WHERE x > 0;
--- good
UPDATE a SET x = 1 WHERE x > 0;
ALTER TABLE a ADD COLUMN y int;
--- good
ALTER TABLE a ADD COLUMN y int;
INSERT INTO a (id) VALUES (1);
