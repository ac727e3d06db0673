-- create table user_events (9 columns)
CREATE TABLE "user_events" (
  "user_id" uuid,
  "day" date,
  "at" timestamp,
  "event_id" timeuuid,
  "kind" text,
  "tags" set<text>,
  "data" map<text, text>,
  "steps" list<frozen<tuple<text, int>>>,
  "user_name" text STATIC,
  PRIMARY KEY (("user_id", "day"), "at", "event_id")
) WITH CLUSTERING ORDER BY ("at" DESC, "event_id" ASC)
  AND comment = 'what it''s about'
  AND compaction = {'class': 'TimeWindowCompactionStrategy', 'compaction_window_size': '1', 'compaction_window_unit': 'DAYS'}
  AND compression = {'chunk_length_in_kb': '64', 'class': 'ZstdCompressor'}
  AND default_time_to_live = 7776000
  AND gc_grace_seconds = 86400
  AND speculative_retry = '95p';
CREATE INDEX "user_events_kind_index" ON "user_events" ("kind");
CREATE INDEX "events_by_data" ON "user_events" (entries("data"));

-- create table user_events (9 columns)
CREATE TABLE IF NOT EXISTS "user_events" (
  "user_id" uuid,
  "day" date,
  "at" timestamp,
  "event_id" timeuuid,
  "kind" text,
  "tags" set<text>,
  "data" map<text, text>,
  "steps" list<frozen<tuple<text, int>>>,
  "user_name" text STATIC,
  PRIMARY KEY (("user_id", "day"), "at", "event_id")
) WITH CLUSTERING ORDER BY ("at" DESC, "event_id" ASC)
  AND comment = 'what it''s about'
  AND compaction = {'class': 'TimeWindowCompactionStrategy', 'compaction_window_size': '1', 'compaction_window_unit': 'DAYS'}
  AND compression = {'chunk_length_in_kb': '64', 'class': 'ZstdCompressor'}
  AND default_time_to_live = 7776000
  AND gc_grace_seconds = 86400
  AND speculative_retry = '95p';
CREATE INDEX IF NOT EXISTS "user_events_kind_index" ON "user_events" ("kind");
CREATE INDEX IF NOT EXISTS "events_by_data" ON "user_events" (entries("data"));

-- create table page_views (2 columns)
CREATE TABLE "page_views" (
  "id" uuid,
  "views" counter,
  PRIMARY KEY ("id")
);

-- create table Odd (2 columns)
CREATE TABLE "Odd" (
  "id" uuid,
  "Mixed ""Case""" text,
  PRIMARY KEY ("id")
);

-- create table repaired (1 column)
CREATE TABLE "repaired" (
  "id" uuid,
  PRIMARY KEY ("id")
) WITH read_repair = 'NONE';

-- create table paxos (1 column)
-- refused: paxos: Cassandra 5.0.6 has no table option paxos_grace_seconds

-- create table mixed (3 columns)
-- refused: mixed: Cassandra keeps counters in tables that hold nothing else beside the key; put them into a table of their own

-- create table still (2 columns)
-- refused: still.name: Cassandra has static columns in tables with a clustering key alone; add clustering_key({…}), or leave out static_()

-- create table keyless (1 column)
-- refused: keyless: Cassandra needs a partition key for every table; add partition_key({…}) or primary({…})

-- create table collected (1 column)
-- refused: collected.id: Cassandra has collections and user types in a key as one value; put frozen() around it

-- create table passing (1 column)
-- refused: passing: Cassandra has no temporary tables; use a table with a default TTL, and drop it

-- create table unknown (1 column)
-- refused: unknown: Cassandra 5.0.6 has no table option gc_grace_second

-- create table with-dash (1 column)
-- refused: with-dash: Cassandra names tables with letters, digits and underscores, 48 at most; choose such a name

-- drop table page_views
DROP TABLE "page_views";

-- drop table page_views
DROP TABLE IF EXISTS "page_views";

-- drop table user_events
-- refused: user_events: Cassandra has no CASCADE; drop the materialized views of the table first

-- rename table user_events to events
-- refused: user_events: Cassandra cannot rename a table; make a new table as it is to be, copy the rows into it, and let the programs read the new one before the old one is dropped

