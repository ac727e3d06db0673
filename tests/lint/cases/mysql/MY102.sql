--- setup
CREATE TABLE users (id bigint NOT NULL PRIMARY KEY, state enum('new','done'));
--- bad
ALTER TABLE users MODIFY state enum('new','open','done');
--- good
ALTER TABLE users MODIFY state enum('new','done','open');
