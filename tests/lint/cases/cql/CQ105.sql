--- setup
CREATE TABLE users (id uuid PRIMARY KEY, city text);
--- bad
CREATE INDEX users_city ON users (city);
--- good
CREATE INDEX users_city ON users (city) USING 'sai';
