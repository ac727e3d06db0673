-- one way
-- from
CREATE TYPE address (street text);
CREATE TYPE person (name text, home frozen<address>);
CREATE TYPE unused (a int);
CREATE TABLE users (id int PRIMARY KEY, who frozen<person>, age int, kept boolean);
CREATE TABLE gone (id int PRIMARY KEY, what frozen<unused>);
CREATE MATERIALIZED VIEW users_by_age AS SELECT id, age FROM users WHERE age IS NOT NULL AND id IS NOT NULL PRIMARY KEY (age, id);
CREATE FUNCTION twice (a int) RETURNS NULL ON NULL INPUT RETURNS int LANGUAGE java AS $$ return a + a; $$;
-- rows
INSERT INTO users (id, who, age, kept) VALUES (1, {name: 'Ann', home: {street: 'Elm'}}, 30, true);
-- to
CREATE TYPE address (street text, zip int);
CREATE TYPE person (name text, home frozen<address>);
CREATE TABLE users (id int PRIMARY KEY, who frozen<person>, age int, kept boolean, other address);
CREATE MATERIALIZED VIEW users_by_age AS SELECT id, age, kept FROM users WHERE age IS NOT NULL AND id IS NOT NULL
  PRIMARY KEY (age, id) WITH CLUSTERING ORDER BY (id DESC);
CREATE FUNCTION twice (a int) RETURNS NULL ON NULL INPUT RETURNS int LANGUAGE java AS $$ return 2 * a; $$;
CREATE FUNCTION add_up (state int, value int) CALLED ON NULL INPUT RETURNS int LANGUAGE java AS $$ return state + value; $$;
CREATE AGGREGATE total (int) SFUNC add_up STYPE int INITCOND 0;
-- check
SELECT kept FROM users WHERE id = 1
