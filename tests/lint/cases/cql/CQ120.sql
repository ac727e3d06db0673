--- bad
ALTER KEYSPACE app WITH durable_writes = false;
--- good
ALTER KEYSPACE app WITH durable_writes = true;
