--- setup
CREATE TABLE users (id bigint PRIMARY KEY);
--- bad
ALTER TABLE users ADD COLUMN token uuid NOT NULL DEFAULT gen_random_uuid();
--- bad
ALTER TABLE users ADD COLUMN seen timestamptz DEFAULT clock_timestamp();
--- good
ALTER TABLE users ADD COLUMN seen timestamptz NOT NULL DEFAULT now();
--- good
ALTER TABLE users ADD COLUMN kind text NOT NULL DEFAULT 'plain';
