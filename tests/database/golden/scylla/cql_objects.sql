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

-- create keyspace render_case_ks
CREATE KEYSPACE "render_case_ks" WITH replication = {'class': 'SimpleStrategy', 'replication_factor': '1'} AND durable_writes = true;

-- create or replace keyspace render_case_ks
ALTER KEYSPACE "render_case_ks" WITH replication = {'class': 'SimpleStrategy', 'replication_factor': '1'} AND durable_writes = false;

-- drop keyspace render_case_ks
DROP KEYSPACE "render_case_ks";

-- create materialized view by_kind
CREATE MATERIALIZED VIEW "by_kind" AS SELECT kind, user_id, day, at, event_id, data FROM user_events WHERE kind IS NOT NULL AND user_id IS NOT NULL AND day IS NOT NULL AND at IS NOT NULL AND event_id IS NOT NULL PRIMARY KEY (kind, user_id, day, at, event_id);

-- drop materialized view by_kind
DROP MATERIALIZED VIEW "by_kind";

-- create function plus(int, int)
CREATE FUNCTION "plus" (a int, b int) RETURNS NULL ON NULL INPUT RETURNS int LANGUAGE java AS $$return a + b;$$;

-- create or replace function plus(int, int)
CREATE OR REPLACE FUNCTION "plus" (a int, b int) RETURNS NULL ON NULL INPUT RETURNS int LANGUAGE java AS $$return a + b;$$;

-- create aggregate total(int)
CREATE AGGREGATE "total" (int) SFUNC plus STYPE int INITCOND 0;

-- drop aggregate total(int)
DROP AGGREGATE "total"(int);

-- drop function plus(int, int)
DROP FUNCTION "plus"(int, int);

-- create role render_case_role
CREATE ROLE "render_case_role" WITH LOGIN = false;

-- create or replace role render_case_role
ALTER ROLE "render_case_role" WITH LOGIN = false;

-- create grant SELECT ON user_events TO render_case_role
GRANT SELECT ON user_events TO "render_case_role";

-- drop grant SELECT ON user_events TO render_case_role
REVOKE SELECT ON user_events FROM "render_case_role";

-- drop role render_case_role
DROP ROLE "render_case_role";

-- create view all_events
-- refused: view all_events: ScyllaDB has no views but materialized ones; use create_materialized_view(), or a table for that query

-- create sequence numbers
-- refused: sequence numbers: ScyllaDB has no sequences; use uuid() or timeuuid(), or a row that is counted up with IF

-- create enum mood (ok)
-- refused: enum mood: ScyllaDB has no enum types; use text()

-- drop enum mood
-- refused: enum mood: ScyllaDB has no enum types; use text()

