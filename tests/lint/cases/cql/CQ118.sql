--- bad
CREATE TABLE a (day date, at timeuuid, PRIMARY KEY (day, at));
--- bad
CREATE TABLE a (status text, id uuid, PRIMARY KEY (status, id));
--- good
CREATE TABLE a (day date, shard int, at timeuuid, PRIMARY KEY ((day, shard), at));
--- good
CREATE TABLE a (user_id uuid, name text, PRIMARY KEY (user_id, name));
