--- bad
CREATE TABLE a (id bigint PRIMARY KEY, price double precision);
--- bad on=mysql
ALTER TABLE a ADD total_amount float;
--- good
CREATE TABLE a (id bigint PRIMARY KEY, price numeric(12, 2), weight real);
