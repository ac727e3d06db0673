--- bad
CREATE TABLE "user" (id bigint PRIMARY KEY);
--- bad on=mysql
CREATE TABLE scores (id bigint PRIMARY KEY, `rank` int);
--- good
CREATE TABLE users (id bigint PRIMARY KEY);
