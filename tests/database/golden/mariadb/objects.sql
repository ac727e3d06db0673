-- create table people (1 column)
CREATE TABLE `people` (
  `id` int NOT NULL AUTO_INCREMENT,
  PRIMARY KEY (`id`)
);

-- create view everyone
CREATE VIEW everyone AS SELECT id FROM people;

-- create or replace view everyone
CREATE OR REPLACE VIEW everyone AS SELECT id FROM people;

-- drop view everyone
DROP VIEW `everyone`;

-- drop view everyone
-- refused: view everyone: MariaDB reads CASCADE and does nothing; drop the foreign keys or views that depend on it first

-- create or replace trigger people_touch
CREATE OR REPLACE TRIGGER people_touch BEFORE INSERT ON people FOR EACH ROW SET NEW.id = NEW.id;

-- drop trigger people_touch
DROP TRIGGER `people_touch`;

-- drop trigger people_touch
DROP TRIGGER IF EXISTS `people_touch`;

-- create type place (2 fields)
-- refused: type place: MariaDB has no structured types; use json() or one column for each field

-- type place: add field city, rename field zip to code
-- refused: type place: MariaDB has no structured types; use json() or one column for each field

-- drop type place
-- refused: type place: MariaDB has no structured types; use json() or one column for each field

-- drop type place
-- refused: type place: MariaDB has no structured types; use json() or one column for each field

-- run DELETE FROM people
DELETE FROM people;

