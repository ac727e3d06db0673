-- rename people:persons
-- rename people.name:full_name
-- from
CREATE TABLE people (id integer PRIMARY KEY, name text);
CREATE INDEX by_name ON people (name);
CREATE TABLE pets (id integer PRIMARY KEY, owner_id int REFERENCES people (id));
-- rows
INSERT INTO people VALUES (1, 'Grace');
-- to
CREATE TABLE persons (id integer PRIMARY KEY, full_name text);
CREATE INDEX by_name ON persons (full_name);
CREATE TABLE pets (id integer PRIMARY KEY, owner_id int REFERENCES persons (id));
-- check
SELECT full_name = 'Grace' FROM persons
