--- setup
CREATE KEYSPACE app WITH replication = {'class': 'NetworkTopologyStrategy', 'datacenter1': 3};
--- bad
ALTER KEYSPACE app WITH durable_writes = false;
--- good
ALTER KEYSPACE app WITH durable_writes = true;
