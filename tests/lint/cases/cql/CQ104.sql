--- setup
CREATE TABLE users (id uuid PRIMARY KEY, ok boolean, city text, status text);
--- bad
CREATE INDEX ON users (status);
--- bad
CREATE INDEX ON users (ok);
--- good
CREATE INDEX ON users (city);
