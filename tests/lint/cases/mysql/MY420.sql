--- bad
CREATE TABLE a (id bigint PRIMARY KEY, a varchar(9000), b varchar(9000)) DEFAULT CHARSET=utf8mb4;
--- good
CREATE TABLE a (id bigint PRIMARY KEY, a varchar(900), b text) DEFAULT CHARSET=utf8mb4;
