-- from
CREATE TABLE places (id int PRIMARY KEY, spot geometry, note varchar(20));
-- rows
INSERT INTO places VALUES (1, POINT(1, 2), 'x');
-- to
CREATE TABLE places (id int PRIMARY KEY, spot varchar(40), note geometry);
-- check
SELECT COUNT(*) = 1 FROM places WHERE id = 1 AND spot IS NULL AND note IS NULL
