--- bad
SET foreign_key_checks = 0;
INSERT INTO a (id) VALUES (1);
--- good
SET foreign_key_checks = 0;
INSERT INTO a (id) VALUES (1);
SET foreign_key_checks = 1;
