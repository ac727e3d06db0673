--- setup
CREATE TABLE users (id bigint PRIMARY KEY, CONSTRAINT positive CHECK (id > 0), CONSTRAINT proof CHECK (id IS NOT NULL));
--- bad
ALTER TABLE users DROP CONSTRAINT positive;
--- good
ALTER TABLE users DROP CONSTRAINT proof;
--- good
ALTER TABLE users DROP CONSTRAINT positive, ADD CONSTRAINT larger CHECK (id > 10) NOT VALID;
