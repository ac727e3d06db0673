--- setup
CREATE TABLE users (id bigint PRIMARY KEY, first text, last text);
--- bad
ALTER TABLE users ADD COLUMN whole text GENERATED ALWAYS AS (first || ' ' || last) STORED;
--- good
CREATE TABLE people (first text, last text, whole text GENERATED ALWAYS AS (first || ' ' || last) STORED);
