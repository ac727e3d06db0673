--- bad
CREATE TABLE a (id varchar(36) PRIMARY KEY);
--- good
CREATE TABLE a (id uuid PRIMARY KEY);
