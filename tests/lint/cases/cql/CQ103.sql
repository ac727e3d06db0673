--- setup
CREATE TABLE users (id uuid PRIMARY KEY, ref uuid, city text, email text);
--- bad
CREATE INDEX ON users (email);
--- bad
CREATE INDEX users_ref ON users (ref);
--- good
CREATE INDEX ON users (city);
