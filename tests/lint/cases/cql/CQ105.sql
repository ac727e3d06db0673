--- bad
CREATE INDEX users_city ON users (city);
--- good
CREATE INDEX users_city ON users (city) USING 'sai';
