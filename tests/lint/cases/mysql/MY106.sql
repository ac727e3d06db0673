--- setup
CREATE TABLE users (id bigint NOT NULL);
--- bad
ALTER TABLE users ADD PRIMARY KEY (id);
--- good
CREATE TABLE t (id bigint NOT NULL);
ALTER TABLE t ADD PRIMARY KEY (id);
