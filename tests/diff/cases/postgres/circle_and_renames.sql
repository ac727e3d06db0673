-- rename people:persons
-- rename people.name:full_name
-- from
CREATE TABLE people (id int PRIMARY KEY, name text, team_id int);
CREATE TABLE teams (id int PRIMARY KEY, leader_id int REFERENCES people (id));
ALTER TABLE people ADD CONSTRAINT member FOREIGN KEY (team_id) REFERENCES teams (id);
CREATE INDEX by_name ON people (name);
-- rows
INSERT INTO people VALUES (1, 'Grace', NULL);
-- to
CREATE TABLE persons (id int, full_name text, team_id int, CONSTRAINT people_pkey PRIMARY KEY (id));
CREATE TABLE teams (id int PRIMARY KEY, leader_id int REFERENCES persons (id));
ALTER TABLE persons ADD CONSTRAINT member FOREIGN KEY (team_id) REFERENCES teams (id);
CREATE INDEX by_name ON persons (full_name);
-- check
SELECT full_name = 'Grace' FROM persons
