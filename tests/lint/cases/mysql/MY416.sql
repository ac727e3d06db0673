--- bad
REPLACE INTO a (id) VALUES (1);
--- good
INSERT INTO a (id) VALUES (1) ON DUPLICATE KEY UPDATE id = id;
