--- bad
CREATE TABLE a (id bigint PRIMARY KEY, price money);
--- good
CREATE TABLE a (id bigint PRIMARY KEY, price numeric(12, 2));
