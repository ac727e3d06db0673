--- bad
CREATE TABLE a (id bigint PRIMARY KEY, name varchar(20));
--- good
CREATE TABLE a (id bigint PRIMARY KEY, name varchar(20)) CHARACTER SET utf8mb4;
--- good
CREATE TABLE a (id bigint PRIMARY KEY);
