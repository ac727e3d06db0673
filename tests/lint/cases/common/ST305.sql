--- bad
CREATE TABLE a (b int);
--- good
CREATE TABLE a (b int, PRIMARY KEY (b));
--- good
CREATE TABLE a (b int NOT NULL);
ALTER TABLE a ADD PRIMARY KEY (b);
--- good
CREATE TEMPORARY TABLE a (b int);
