--- bad
SET GLOBAL max_connections = 500;
--- good
SET SESSION lock_wait_timeout = 5;
