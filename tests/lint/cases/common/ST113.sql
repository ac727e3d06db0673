--- setup
CREATE TABLE users (id bigint PRIMARY KEY);
--- bad on=mysql
ALTER TABLE users DROP PRIMARY KEY;
--- good on=mysql
ALTER TABLE users DROP PRIMARY KEY, ADD PRIMARY KEY (id);
