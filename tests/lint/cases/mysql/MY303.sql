--- bad
SET sql_mode = '';
--- good
SET sql_mode = 'STRICT_ALL_TABLES';
