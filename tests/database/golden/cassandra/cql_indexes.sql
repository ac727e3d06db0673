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

-- user_events: add index on kind
CREATE INDEX "user_events_kind_index" ON "user_events" ("kind");

-- user_events: add index on kind
CREATE INDEX IF NOT EXISTS "user_events_kind_index" ON "user_events" ("kind");

-- user_events: add index on tags
CREATE INDEX "user_events_tags_index" ON "user_events" (values("tags"));

-- user_events: add index by_key
CREATE INDEX "by_key" ON "user_events" (keys("data"));

-- user_events: add index by_value
CREATE INDEX "by_value" ON "user_events" (values("data"));

-- user_events: add index by_entry
CREATE INDEX "by_entry" ON "user_events" (entries("data"));

-- user_events: add index by_order
-- refused: index by_order: Cassandra indexes the keys, values, entries or the full of a collection; it has no sorted

-- user_events: drop index by_key
DROP INDEX "by_key";

-- user_events: drop index by_key
DROP INDEX IF EXISTS "by_key";

-- user_events: add index kind_sai
CREATE CUSTOM INDEX "kind_sai" ON "user_events" ("kind") USING 'StorageAttachedIndex' WITH OPTIONS = {'case_sensitive': 'false'};

-- user_events: add index name_sasi
CREATE CUSTOM INDEX "name_sasi" ON "user_events" ("user_name") USING 'org.apache.cassandra.index.sasi.SASIIndex' WITH OPTIONS = {'analyzer_class': 'org.apache.cassandra.index.sasi.analyzer.NonTokenizingAnalyzer', 'mode': 'CONTAINS'};

-- user_events: add index kind_own
CREATE CUSTOM INDEX "kind_own" ON "user_events" ("kind") USING 'com.example.Index';

-- user_events: add index kind_local
-- refused: index kind_local: Cassandra has no local indexes, which are ScyllaDB's; leave out local()

-- user_events: add index on kind
-- refused: user_events.kind: Cassandra has no unique keys; make the value the primary key of a table and write with IF NOT EXISTS

-- user_events: add index on kind
-- refused: index user_events_kind_index: Cassandra has no partial indexes; leave out .where(), or write a table that holds those rows

-- user_events: add index on kind, tags
-- refused: index on user_events: Cassandra indexes one column at a time; add an index for each, or a materialized view, or a table for that query

-- user_events: add index on kind
-- refused: index on user_events: Cassandra keeps no order in an index; leave out the direction

-- user_events: add index on (lower(kind))
-- refused: index user_events_lower_kind_index: Cassandra has no indexes over expressions; write the value into a column of its own

-- user_events: rename index by_value to other
-- refused: index by_value: Cassandra cannot rename an index; add one of the new name, then drop the old

