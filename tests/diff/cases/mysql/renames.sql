-- rename people:persons
-- rename people.name:full_name
-- from
CREATE TABLE people (id int PRIMARY KEY, name varchar(40));
CREATE INDEX by_name ON people (name);
CREATE TABLE pets (id int PRIMARY KEY, owner_id int, CONSTRAINT owned FOREIGN KEY (owner_id) REFERENCES people (id));
-- rows
INSERT INTO people VALUES (1, 'Grace');
-- to
CREATE TABLE persons (id int PRIMARY KEY, full_name varchar(40));
CREATE INDEX by_name ON persons (full_name);
CREATE TABLE pets (id int PRIMARY KEY, owner_id int, CONSTRAINT owned FOREIGN KEY (owner_id) REFERENCES persons (id));
-- check
SELECT full_name = 'Grace' FROM persons
