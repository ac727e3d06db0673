--- bad
BEGIN;
CREATE TABLE a (id bigint PRIMARY KEY);
COMMIT;
--- bad
-- sterna:up
SELECT 1;
-- sterna:down
ROLLBACK;
--- good
CREATE TABLE a (id bigint PRIMARY KEY);
