--- bad
SET SESSION sql_log_bin = 0;
--- good
SET SESSION sql_log_bin = 1;
