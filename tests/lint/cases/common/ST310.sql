--- setup
CREATE TABLE users (id bigint PRIMARY KEY);
--- bad model
ALTER TABLE people ADD COLUMN a int;
--- good model
ALTER TABLE users ADD COLUMN a int;
--- good
ALTER TABLE people ADD COLUMN a int;
