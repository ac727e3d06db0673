--- bad
INSERT INTO a (id, at) VALUES (1, now());
--- bad on=mysql
UPDATE a SET token = uuid() WHERE id = 1;
--- good
INSERT INTO a (id, at) VALUES (1, '2026-01-01');
--- good
CREATE TABLE a (id bigint PRIMARY KEY, at timestamptz DEFAULT now());
