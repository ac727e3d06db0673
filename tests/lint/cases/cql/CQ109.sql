--- setup
CREATE TABLE users (id uuid PRIMARY KEY, name text);
--- bad
CREATE MATERIALIZED VIEW by_name AS SELECT * FROM users WHERE name IS NOT NULL AND id IS NOT NULL PRIMARY KEY (name, id);
--- good
CREATE TABLE by_name (name text, id uuid, PRIMARY KEY (name, id));
