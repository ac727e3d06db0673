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

-- user_events: add column source, add column note, add column kinds
ALTER TABLE "user_events" ADD "source" inet;
ALTER TABLE "user_events" ADD "note" text STATIC;
ALTER TABLE "user_events" ADD "kinds" set<text>;

-- user_events: add column source
ALTER TABLE "user_events" ADD IF NOT EXISTS "source" inet;

-- user_events: drop column source
ALTER TABLE "user_events" DROP "source";

-- user_events: drop column source
ALTER TABLE "user_events" DROP IF EXISTS "source";

-- user_events: add column source
ALTER TABLE "user_events" ADD "source" inet;

-- user_events: drop column kind
ALTER TABLE "user_events" DROP "kind";

-- user_events: add column kind
ALTER TABLE "user_events" ADD "kind" int;

-- user_events: rename column at to happened_at
ALTER TABLE "user_events" RENAME "at" TO "happened_at";

-- user_events: rename column data to details
ALTER TABLE "user_events" RENAME "data" TO "details";

-- user_events: change column kinds (type)
-- refused: user_events.kinds: Cassandra cannot change the type of a column; add a column of the new type, copy the values, and drop the old one; or make a new table as it is to be, copy the rows into it, and let the programs read the new one before the old one is dropped

-- user_events: change column kinds (default)
-- refused: user_events.kinds: Cassandra knows of a column its type alone; leave out the default and nullability

-- user_events: add primary key on user_id
-- refused: user_events: Cassandra cannot change the primary key of a table; make a new table as it is to be, copy the rows into it, and let the programs read the new one before the old one is dropped

-- user_events: drop primary key
-- refused: user_events: Cassandra cannot change the primary key of a table; make a new table as it is to be, copy the rows into it, and let the programs read the new one before the old one is dropped

-- user_events: add unique on kinds
-- refused: user_events.kinds: Cassandra has no unique keys; make the value the primary key of a table and write with IF NOT EXISTS

-- user_events: add foreign key on user_id to users
-- refused: user_events.user_id: Cassandra has no foreign keys; keep what is read together in one partition, or look the other row up in the program

-- user_events: add check positive
-- refused: user_events.positive: Cassandra has no checks; look at the values in the program

-- user_events: add column late
-- refused: user_events.late: Cassandra keeps columns by name; leave out .first() and .after()

-- user_events: add column late
-- refused: user_events.late: Cassandra has no default values; give the value when you insert

-- user_events: add column late
-- refused: user_events.late: Cassandra numbers no rows; use uuid() or timeuuid() and give the value when you insert (uuid(), now())

-- user_events: set the comment
ALTER TABLE "user_events" WITH comment = 'it''s new';

-- user_events: set gc_grace_seconds = 3600
ALTER TABLE "user_events" WITH gc_grace_seconds = 3600;

-- user_events: set gc_grace_seconds = 
ALTER TABLE "user_events" WITH gc_grace_seconds = 864000;

-- user_events: set caching = {'rows_per_partition':'100','keys':'ALL'}
ALTER TABLE "user_events" WITH caching = {'keys': 'ALL', 'rows_per_partition': '100'};

-- user_events: set compaction = 
ALTER TABLE "user_events" WITH compaction = {'class': 'org.apache.cassandra.db.compaction.SizeTieredCompactionStrategy', 'max_threshold': '32', 'min_threshold': '4'};

-- user_events: set fillfactor = 80
-- refused: user_events: Cassandra 5.0.6 has no table option fillfactor

