--- bad
SET session_replication_role = replica;
--- good
SET LOCAL work_mem = '64MB';
--- good
SET session_replication_role = DEFAULT;
