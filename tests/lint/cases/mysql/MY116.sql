--- setup
CREATE TABLE users (id bigint NOT NULL PRIMARY KEY);
--- bad offline
ALTER TABLE users PARTITION BY HASH (id) PARTITIONS 4;
--- good
ALTER TABLE users DROP PARTITION p1;
