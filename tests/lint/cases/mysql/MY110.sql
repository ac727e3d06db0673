--- setup
CREATE TABLE users (id bigint NOT NULL PRIMARY KEY);
--- bad
ALTER TABLE users ADD twice bigint GENERATED ALWAYS AS (id * 2) STORED;
--- good
ALTER TABLE users ADD twice bigint GENERATED ALWAYS AS (id * 2) VIRTUAL;
