--- bad
DROP SCHEMA app;
--- bad on=cql
DROP KEYSPACE app;
--- good
CREATE SCHEMA app;
