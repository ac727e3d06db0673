--- setup
CREATE TABLE users (id bigint NOT NULL PRIMARY KEY, name varchar(20)) DEFAULT CHARSET=latin1;
--- bad
ALTER TABLE users CONVERT TO CHARACTER SET utf8mb4;
--- good
ALTER TABLE users DEFAULT CHARACTER SET utf8mb4;
