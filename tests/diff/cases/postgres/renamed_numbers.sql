-- rename people:persons
-- rename people.number:place
-- from
CREATE TABLE people (id serial PRIMARY KEY, number int GENERATED ALWAYS AS IDENTITY, name text NOT NULL);
CREATE TABLE "The longest name of a table that a person would ever give to it" (id serial PRIMARY KEY);
-- rows
INSERT INTO people (name) VALUES ('Grace');
-- to
CREATE TABLE persons (id serial, place int GENERATED ALWAYS AS IDENTITY, name text NOT NULL, CONSTRAINT people_pkey PRIMARY KEY (id));
CREATE TABLE "The longest name of a table that a person would ever give to it" (id serial PRIMARY KEY);
-- check
SELECT name = 'Grace' FROM persons
