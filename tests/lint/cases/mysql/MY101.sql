--- setup
CREATE TABLE users (id int NOT NULL PRIMARY KEY, name varchar(20), note varchar(100)) DEFAULT CHARSET=utf8mb4;
--- bad
ALTER TABLE users MODIFY id bigint NOT NULL;
--- bad
ALTER TABLE users CHANGE name name varchar(10);
--- bad offline
ALTER TABLE elsewhere MODIFY a bigint;
--- good
ALTER TABLE users MODIFY name varchar(40);
--- good
ALTER TABLE users MODIFY id bigint NOT NULL, ALGORITHM=INPLACE;
--- good offline
-- sterna:online
ALTER TABLE users MODIFY id bigint NOT NULL;
