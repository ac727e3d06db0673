--- setup
CREATE TABLE hits (page text PRIMARY KEY, hits counter);
CREATE TABLE users (id uuid PRIMARY KEY, city text);
--- bad
CREATE INDEX ON hits (hits);
--- good
CREATE INDEX ON users (city);
