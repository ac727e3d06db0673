--- bad on=mysql
USE other;
--- good on=mysql
CREATE TABLE other.a (id bigint PRIMARY KEY);
