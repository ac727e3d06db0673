--- bad
INSERT IGNORE INTO a (id) VALUES (1);
--- good
INSERT INTO a (id) VALUES (1);
