--- bad
CREATE TABLE a (id bigint(20) PRIMARY KEY);
--- good
CREATE TABLE a (id bigint PRIMARY KEY, flag tinyint(1));
