--- setup
CREATE TABLE users (name text);
--- bad
ALTER TABLE users ADD COLUMN id bigserial;
--- bad
ALTER TABLE users ADD COLUMN id bigint GENERATED ALWAYS AS IDENTITY;
--- good
ALTER TABLE users ADD COLUMN id bigint;
