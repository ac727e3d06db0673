--- setup
CREATE TABLE users (id bigint PRIMARY KEY);
--- bad version=100000 offline
ALTER TABLE users ADD COLUMN kind text DEFAULT 'plain';
--- good
ALTER TABLE users ADD COLUMN kind text DEFAULT 'plain';
