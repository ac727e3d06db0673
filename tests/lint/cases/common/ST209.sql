--- bad
CREATE TABLE IF NOT EXISTS a (id bigint PRIMARY KEY);
--- good
CREATE TABLE a (id bigint PRIMARY KEY);
