--- setup
CREATE TABLE users (id bigint NOT NULL PRIMARY KEY) ENGINE=InnoDB;
--- bad
ALTER TABLE users FORCE;
--- bad
ALTER TABLE users ENGINE=InnoDB;
--- bad
ALTER TABLE users ROW_FORMAT=COMPACT;
--- bad offline
OPTIMIZE TABLE users;
--- good
ALTER TABLE users COMMENT='people';
