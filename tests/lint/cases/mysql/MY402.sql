--- bad
CREATE TABLE a (id bigint PRIMARY KEY) ENGINE=MyISAM;
--- good
CREATE TABLE a (id bigint PRIMARY KEY) ENGINE=InnoDB;
