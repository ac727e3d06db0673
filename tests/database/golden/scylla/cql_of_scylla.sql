-- create keyspace app
CREATE KEYSPACE "app" WITH replication = {'class': 'NetworkTopologyStrategy', 'dc1': '3'} AND durable_writes = true AND tablets = {'enabled': true};

-- create table logged (1 column)
CREATE TABLE "logged" (
  "id" uuid,
  PRIMARY KEY ("id")
) WITH cdc = {'enabled': 'true'};

-- create table logged_for_long (1 column)
CREATE TABLE "logged_for_long" (
  "id" uuid,
  PRIMARY KEY ("id")
) WITH cdc = {'enabled': 'true', 'postimage': 'false', 'preimage': 'true', 'ttl': '86400'};

-- create table limited (1 column)
CREATE TABLE "limited" (
  "id" uuid,
  PRIMARY KEY ("id")
) WITH per_partition_rate_limit = {'max_reads_per_second': '100', 'max_writes_per_second': '50'};

-- create table repaired (1 column)
CREATE TABLE "repaired" (
  "id" uuid,
  PRIMARY KEY ("id")
) WITH tombstone_gc = {'mode': 'repair'};

-- create table agreed (1 column)
CREATE TABLE "agreed" (
  "id" uuid,
  PRIMARY KEY ("id")
) WITH paxos_grace_seconds = 864000;

-- logged: set cdc = false
ALTER TABLE "logged" WITH cdc = {'enabled': 'false'};

-- logged: set tombstone_gc = {'mode': 'timeout', 'propagation_delay_in_seconds': '3600'}
ALTER TABLE "logged" WITH tombstone_gc = {'mode': 'timeout', 'propagation_delay_in_seconds': '3600'};

-- logged: set per_partition_rate_limit = 
ALTER TABLE "logged" WITH per_partition_rate_limit = {};

-- create materialized view by_kind
CREATE MATERIALIZED VIEW "by_kind" AS SELECT * FROM t WHERE kind IS NOT NULL AND id IS NOT NULL PRIMARY KEY (kind, id) WITH synchronous_updates = true;

