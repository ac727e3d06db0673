--- bad
CREATE TABLE a (id bigint PRIMARY KEY, x float(7,2));
--- good
CREATE TABLE a (id bigint PRIMARY KEY, x double, y decimal(7,2));
