--- setup
CREATE TABLE hits (page text PRIMARY KEY, hits counter);
--- bad
CREATE INDEX ON hits (hits);
--- good
CREATE INDEX ON users (city);
