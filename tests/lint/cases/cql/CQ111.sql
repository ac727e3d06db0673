--- bad
CREATE TABLE events (device uuid, at timestamp, PRIMARY KEY (device, at)) WITH default_time_to_live = 86400;
--- bad
CREATE TABLE events (device uuid, name text, PRIMARY KEY (device, name)) WITH compaction = {'class': 'TimeWindowCompactionStrategy'};
--- good
CREATE TABLE events (device uuid, at timestamp, PRIMARY KEY (device, at)) WITH CLUSTERING ORDER BY (at DESC) AND default_time_to_live = 86400 AND compaction = {'class': 'TimeWindowCompactionStrategy'};
