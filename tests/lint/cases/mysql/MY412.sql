--- bad
CREATE TABLE a (id char(36) NOT NULL, PRIMARY KEY (id));
--- good
CREATE TABLE a (id binary(16) NOT NULL PRIMARY KEY, other char(36));
