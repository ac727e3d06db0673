--- bad
INSERT INTO a VALUES (1, 2);
--- bad
INSERT INTO a SELECT 1, 2;
--- good
INSERT INTO a (id, b) VALUES (1, 2);
