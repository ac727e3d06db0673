-- create keyspace app
-- refused: keyspace app: Cassandra has no tablets, which are ScyllaDB's; leave out .tablets

-- create table logged (1 column)
CREATE TABLE "logged" (
  "id" uuid,
  PRIMARY KEY ("id")
) WITH cdc = true;

-- create table logged_for_long (1 column)
-- refused: logged_for_long: Cassandra has cdc = true or false; the map is ScyllaDB's

-- create table limited (1 column)
-- refused: limited: Cassandra 5.0.6 has no table option per_partition_rate_limit

-- create table repaired (1 column)
-- refused: repaired: Cassandra 5.0.6 has no table option tombstone_gc

-- create table agreed (1 column)
-- refused: agreed: Cassandra 5.0.6 has no table option paxos_grace_seconds

-- logged: set cdc = false
ALTER TABLE "logged" WITH cdc = false;

-- logged: set tombstone_gc = {'mode': 'timeout', 'propagation_delay_in_seconds': '3600'}
-- refused: logged: Cassandra 5.0.6 has no table option tombstone_gc

-- logged: set per_partition_rate_limit = 
-- refused: logged: Cassandra 5.0.6 has no table option per_partition_rate_limit

-- create materialized view by_kind
-- refused: materialized view by_kind: Cassandra has no synchronous_updates of views, which are ScyllaDB's; leave it out, or read the base table where a view may be late

