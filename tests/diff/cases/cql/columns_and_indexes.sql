-- from
CREATE TABLE users (id int PRIMARY KEY, name text, age int, kept boolean, tags set<text>)
  WITH gc_grace_seconds = 100 AND comment = 'people';
CREATE INDEX users_by_name ON users (name);
CREATE INDEX users_by_tag ON users (tags);
CREATE TABLE old_events (day date, at timestamp, what text, PRIMARY KEY (day, at));
-- rows
INSERT INTO users (id, name, age, kept) VALUES (1, 'Ann', 30, true);
-- to
CREATE TABLE users (id int PRIMARY KEY, name text, kept boolean, tags set<text>, email text, seen map<text, timestamp>)
  WITH default_time_to_live = 0 AND caching = {'keys': 'NONE', 'rows_per_partition': '7'};
CREATE INDEX users_by_tag ON users (tags);
CREATE INDEX users_by_email ON users (email);
CREATE INDEX users_by_seen ON users (keys(seen));
CREATE TABLE user_events (user_id int, day date, at timestamp, what text, name text STATIC, PRIMARY KEY ((user_id, day), at))
  WITH CLUSTERING ORDER BY (at DESC);
-- check
SELECT kept FROM users WHERE id = 1
