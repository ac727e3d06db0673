--- bad
VACUUM users;
--- bad
ALTER SYSTEM SET work_mem = '8MB';
--- good
-- sterna:transaction none
VACUUM users;
